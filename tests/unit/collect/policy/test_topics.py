"""Topics of sentences: by the shipped models, by rules where there is none, and in bounded time for any text."""

from __future__ import annotations

import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from mingcha.collect.policy import model as policy_model
from mingcha.collect.policy.grams import Vocabulary, grams, units, weighted
from mingcha.collect.policy.model import (
    MODELS,
    Model,
    Surroundings,
    Table,
    looked,
    model_bytes,
    model_of,
    read_model,
    scores,
    shape,
)
from mingcha.collect.policy.outline import outline, surroundings
from mingcha.collect.policy.topics import LEARNT, RULED, read, topics

# Written for this test; none of these sentences stands in a corpus.
POLICY = (
    ("某某记账隐私政策", set()),
    ("一、我们收集哪些信息", set()),
    ("当您注册记账账号时，我们会收集您的手机号码和昵称。", {"collection"}),
    ("为了扫描票据，我们需要获取您设备的相机权限。", {"permission"}),
    ("二、我们向谁提供信息", set()),
    ("未经您同意，我们不会向任何第三方共享您的账单数据。", {"sharing"}),
    ("三、信息的保存", set()),
    ("您的个人信息将保存在中华人民共和国境内的服务器上，保存期限为账号存续期间。", {"storage"}),
    ("四、信息安全", set()),
    ("我们使用加密技术保护您的数据，防止数据泄露。", {"security"}),
    ("五、您的权利", set()),
    ("您可以在“设置-账号”中注销您的账号。", {"rights"}),
    ("六、未成年人的保护", set()),
    ("如果您未满十四周岁，请在监护人同意后使用本应用。", {"minors"}),
    ("七、本政策的变更", set()),
    ("本政策更新后，我们会以弹窗的方式通知您。", {"revision"}),
    ("八、联系我们", set()),
    ("如有疑问，请发送邮件至privacy@example.com与我们联系。", {"contact"}),
)
SENTENCES = [sentence for sentence, _ in POLICY]
ENGLISH = (
    ("when you create an account, we collect your name and email address.", "collection"),
    ("we share your information with our advertising partners.", "sharing"),
    ("we use encryption to protect your data against unauthorized access.", "security"),
    ("you have the right to request deletion of your personal data.", "rights"),
    ("our services are not directed to children under 13.", "minors"),
)


def test_shipped_model_reads_plain_chinese_sentences() -> None:
    """Every sentence that says one thing plainly has that topic, and headings have none."""
    found = topics(SENTENCES)
    assert found.learnt
    for (sentence, wanted), said in zip(POLICY, found.of, strict=True):
        assert wanted <= said if wanted else not said, (sentence, said)


def test_rules_alone_read_the_same_sentences_and_say_so() -> None:
    """Without a model the plain sentences still have their topics, and the answer says that no model had a part."""
    found = read(SENTENCES, None, "zh", None)
    assert not found.learnt
    for (sentence, wanted), said in zip(POLICY, found.of, strict=True):
        assert wanted <= said, (sentence, said)


def test_missing_file_leaves_the_rules(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """Where the model's file is not there, or is no model, topics come from rules and the flag says so."""
    monkeypatch.setattr(policy_model, "MODELS", tmp_path)
    policy_model._kept.cache_clear()
    try:
        assert not topics(SENTENCES).learnt
        policy_model._kept.cache_clear()
        (tmp_path / "topics_zh.npz").write_bytes(b"PK\x03\x04 no archive")
        assert not topics(SENTENCES).learnt
    finally:
        policy_model._kept.cache_clear()


def test_threads_that_ask_at_once_read_the_model_once() -> None:
    """Ten policies in parallel share one model."""
    policy_model._kept.cache_clear()
    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(model_of, ["zh"] * 10))
    assert policy_model._kept.cache_info().misses == 1
    assert all(model is found[0] for model in found)


@pytest.mark.parametrize(("sentence", "topic"), ENGLISH)
@pytest.mark.parametrize("learnt", [True, False])
def test_english_sentences(sentence: str, topic: str, learnt: bool) -> None:
    """Plain English sentences have their topic, by the model and by rules alone."""
    found = read([sentence], None, "en", model_of("en") if learnt else None)
    assert topic in found.of[0]
    assert found.learnt is learnt


@pytest.mark.parametrize(
    ("sentence", "topic", "there"),
    [
        ("经您单独同意后，我们会将您的个人信息传输至境外的服务器。", "cross_border", True),
        ("我们不会向境外提供您的个人信息。", "cross_border", True),
        ("目前我们不存在数据出境的情形。", "cross_border", True),
        ("您可以在海外购频道购买商品，我们会收集您的收货地址。", "cross_border", False),
        ("您可以关闭个性化推荐。", "personalisation", True),
        ("我们会向您推送您可能感兴趣的内容。", "personalisation", True),
        ("您可以设置个性化头像。", "personalisation", False),
    ],
)
@pytest.mark.parametrize("learnt", [True, False])
def test_topics_without_training_data_come_from_rules(sentence: str, topic: str, there: bool, learnt: bool) -> None:
    """Transfer abroad and personalisation are told by their words, denials included, with and without a model."""
    found = read([sentence], None, "zh", model_of("zh") if learnt else None)
    assert (topic in found.of[0]) is there


@pytest.mark.parametrize("item", ["（1）获得您的单独同意；", "1、与履行法定义务相关的；"])
def test_section_decides_a_sentence_that_says_little(item: str) -> None:
    """The same item is about sharing under a heading about sharing, and about rights under one about deletion."""
    sharing = topics(["我们在以下情形中会向第三方共享您的个人信息：", item], ["我们如何共享您的个人信息"] * 2).of[1]
    rights = topics(["在以下情形中，您可以请求我们删除您的个人信息：", item], ["您的权利|删除您的个人信息"] * 2).of[1]
    assert "sharing" in sharing
    assert "rights" in rights
    assert "sharing" not in rights


def test_shipped_models_know_the_topics_that_are_promised() -> None:
    """Each shipped model tells exactly the topics that the module names; those told by rule are not among them."""
    for language in ("zh", "en"):
        model = model_of(language)
        assert model is not None
        assert model.topics == LEARNT
    assert not set(LEARNT) & set(RULED)


def test_shipped_files_are_small_and_have_a_card() -> None:
    """Each model is at most 5 MB and has a card that names its data, their licence, the split and the figures."""
    files = sorted(MODELS.glob("*.npz"))
    assert [file.name for file in files] == ["topics_en.npz", "topics_zh.npz"]
    for file in files:
        card = file.with_suffix(".md").read_text("utf-8")
        assert file.stat().st_size < 5_000_000
        assert all(word in card for word in ("CC BY 4.0", "## Split", "## Figures", "## Weak"))


def test_model_survives_its_file() -> None:
    """A model written and read again gives the bytes of the shipped file and the same scores."""
    model = model_of("zh")
    assert model is not None
    data = model_bytes(model)
    again = read_model(data)
    assert again is not None
    assert model_bytes(again) == data
    assert data == (MODELS / "topics_zh.npz").read_bytes()
    around = surroundings(SENTENCES)
    assert np.array_equal(scores(model, SENTENCES, around), scores(again, SENTENCES, around))


def test_file_does_not_tell_when_it_was_made() -> None:
    """Every member of a shipped file has the same date and the same system, so that equal models are equal bytes."""
    for file in MODELS.glob("*.npz"):
        with zipfile.ZipFile(file) as archive:
            assert {(part.date_time, part.create_system) for part in archive.infolist()} == {((1980, 1, 1, 0, 0, 0), 3)}


def test_score_is_the_sum_over_texts_and_form() -> None:
    """One n-gram in the sentence and one in its heading add up with the form, the bias and the threshold."""
    (collects,) = grams(*units(["收"]), (1,)).hashes.tolist()
    known = Vocabulary(np.array([collects], np.uint32), np.array([], np.uint32), np.ones(1, np.float32))
    table = Table(np.array([[3]], np.int8), np.array([0.5], np.float32))
    around = Surroundings(["收", "", ""], [""] * 3, [True, False, False])
    form = np.zeros((shape([], around._replace(titles=[])).shape[1], 1), np.float32)
    form[0] = 0.25
    model = Model(
        ("collection",), known, {"sentence": table, "heading": table}, form, np.array([-1.0]), np.array([0.125])
    )
    assert scores(model, ["收", "收", "无"], around)[:, 0].tolist() == [2.125, 0.375, -1.125]


@pytest.mark.parametrize("data", [b"", b"PK", b"\x93NUMPY", b"0" * 100])
def test_other_bytes_are_no_model(data: bytes) -> None:
    """Bytes that are no model of this format are answered with None."""
    assert read_model(data) is None


def test_truncated_file_is_no_model() -> None:
    """The first half of a model is none."""
    data = (MODELS / "topics_en.npz").read_bytes()
    assert read_model(data[: len(data) // 2]) is None


@pytest.mark.parametrize("texts", [[], [""], ["", "。", "一、"], ["1"] * 3, ["\x00\U0010ffff"], ["甲" * 5000]])
def test_any_sentences_have_an_answer(texts: list[str]) -> None:
    """Empty, odd and very long sentences have an answer each."""
    for language in ("zh", "en", "fr"):
        for model in (model_of(language), None):
            assert len(read(texts, None, language, model).of) == len(texts)


def test_same_sentences_same_answer() -> None:
    """Two runs agree."""
    assert topics(SENTENCES) == topics(SENTENCES)


def test_long_policy_is_read_quickly() -> None:
    """30,000 characters take under a second even on a busy machine; alone it is some 30 ms."""
    text = (SENTENCES * 200)[: 30_000 * len(SENTENCES) // len("".join(SENTENCES))]
    topics(SENTENCES)
    started = time.process_time()
    topics(text)
    assert time.process_time() - started < 1


def test_grams_do_not_cross_sentences() -> None:
    """Two texts give the n-grams that each gives alone."""
    both = grams(*units(["收集", "信息"]), (1, 2, 3))
    alone = [grams(*units([text]), (1, 2, 3)) for text in ("收集", "信息")]
    assert both.hashes.tolist() == [number for found in alone for number in found.hashes.tolist()]


def test_unit_is_a_character_a_word_or_a_number() -> None:
    """A Latin word and a run of digits are one unit; blanks are none; all numbers are the same."""
    codes, _ = units(["sdk 收集15天", "sdk收集7天"])
    assert codes[:6].tolist() == codes[7:13].tolist()
    assert len(codes) == 14


def test_rows_have_unit_length_and_unknown_grams_none() -> None:
    """A text of known n-grams is a vector of length one; a text of unknown ones is empty."""
    known = grams(*units(["收集"]), (1, 2))
    order = np.argsort(known.hashes)
    vocabulary = Vocabulary(known.hashes[order], np.array([], np.uint32), np.ones(len(order), np.float32))
    whole, short = weighted(vocabulary, ["收集", "天地玄黄"])
    assert np.diff(whole.starts)[0] == len(order)
    assert whole.values[: whole.starts[1]] @ whole.values[: whole.starts[1]] == pytest.approx(1)
    assert short.ids.tolist() == whole.ids.tolist()
    assert not set(known.hashes.tolist()) & set(grams(*units(["天地玄黄"]), (1, 2)).hashes.tolist())
    assert np.diff(whole.starts)[1] == 0


def test_lookup_in_pieces_is_the_lookup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums do not depend on how many entries are looked up at once, and rows without entries are 0."""
    model = model_of("zh")
    assert model is not None
    rows = weighted(model.vocabulary, ["", *SENTENCES, "", ""])[0]
    whole = looked(model.tables["sentence"], rows)
    monkeypatch.setattr(policy_model, "_AT_ONCE", 7)
    assert np.allclose(looked(model.tables["sentence"], rows), whole, atol=1e-5)


def test_neighbours_end_with_the_policy() -> None:
    """The first sentence has none before it, the last none after it."""
    model = model_of("zh")
    assert model is not None
    around = Surroundings([""] * 3, [""] * 3, [False] * 3)
    made = dict(policy_model.blocks(model.vocabulary, SENTENCES[:3], around))
    sizes = {name: np.diff(rows.starts).tolist() for name, rows in made.items()}
    assert sizes["before"][0] == 0
    assert sizes["after"][2] == 0
    assert sizes["second before"][:2] == [0, 0]
    assert sizes["before"][1] > 0


def test_outline_keeps_chapters_over_sections() -> None:
    """A sentence under a numbered section inside a chapter has both headings, and a new chapter closes the section."""
    lines = ["一、信息的收集", "（一）注册", "1、手机号", "我们收集您的手机号。", "二、信息的共享", "我们不会共享。"]
    paths, titles = outline(lines)
    assert paths[3] == "信息的收集|注册|手机号"
    assert paths[5] == "信息的共享"
    assert titles == [True, True, True, False, True, False]


def test_lead_lasts_to_the_end_of_its_section() -> None:
    """Items know the sentence that announced them; the next section does not."""
    around = surroundings(["一、共享", "在以下情形中我们会共享：", "（1）经您同意；", "二、存储", "我们保存一年。"])
    assert around.leads == ["", "", "在以下情形中我们会共享：", "", ""]
