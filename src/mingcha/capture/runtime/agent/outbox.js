// What waits to be sent: a bounded queue, sent in batches, with at most a few batches that nobody has answered for.

const BATCH = 200;
const FLUSH = 200; // milliseconds
const UNANSWERED = 8;

export class Outbox {
  constructor() {
    this.most = 20000;
    this.waiting = [];
    this.unanswered = 0;
    this.calls = 0;
    this.lost = 0;
    this.timer = null;
    this.listen();
  }

  limit(options) {
    this.most = options.queue || this.most;
  }

  listen() {
    recv("ack", () => {
      this.unanswered -= 1;
      this.listen();
      this.flush();
    });
  }

  // Counts are of calls: `calls` were seen, `lost` of them were not kept.
  call(record) {
    this.calls += 1;
    if (this.waiting.length >= this.most) {
      this.lost += 1;
      return;
    }
    record.seq = this.calls;
    this.waiting.push(record);
    if (this.timer === null) {
      this.timer = setTimeout(() => { this.timer = null; this.flush(); }, FLUSH);
    }
  }

  tell(message) {
    send(message);
  }

  // At the end everything is sent, answered for or not.
  flush(last = false) {
    while (this.waiting.length > 0 && (last || this.unanswered < UNANSWERED)) {
      this.unanswered += 1;
      send({ kind: "calls", calls: this.waiting.splice(0, BATCH) });
    }
  }

  counts() {
    return { calls: this.calls, lost: this.lost, waiting: this.waiting.length };
  }
}
