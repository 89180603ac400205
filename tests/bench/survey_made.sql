-- How survey_made.py makes apps from a pool of real ones. Statements are separated by lines of dashes with a name: the first group is
-- run once over the pool's views (pool_apps, pool_facts, pool_verdicts, pool_gaps, pool_traces), the second for each part.
-- chr(1) stands for the digest of an app, chr(2) for that of its policy, chr(3) to chr(7) for what its manifest says of it.

---- macros
CREATE MACRO chance(a, b) AS (hash(a, b) % 1000000) / 1e6;
CREATE MACRO name12(a, b) AS lower(substr(hex(hash(a, b)) || '000000000000', 1, 12));
CREATE MACRO of_policy(kind) AS kind IN (
  'PolicyDocument', 'PolicyParagraph', 'PolicyStatement', 'PolicyDefinition', 'PermissionNamedInPolicy', 'ProvisionStated',
  'InformationNamedInPolicy', 'PolicyDenial', 'PurposeStated', 'SdkNamed', 'RecipientNamed', 'ProvisionNear', 'ProvisionAbsent',
  'SaidAgainstDone', 'SaidNotDone', 'ForeignNameInPolicy', 'NecessaryInformation', 'ChangeNotice', 'VersionChange');
CREATE MACRO blank(text, app, policy) AS
  CASE WHEN policy IS NULL THEN replace(text, app, chr(1)) ELSE replace(replace(text, app, chr(1)), policy, chr(2)) END;
CREATE MACRO filled(text, app, policy) AS replace(replace(text, chr(1), app), chr(2), policy);

---- base
CREATE TABLE base AS
SELECT (row_number() OVER (ORDER BY key) - 1)::INTEGER AS base, * FROM (
  SELECT *, (list_filter(json_extract(record, '$.case.artefacts[*]'), lambda a: (a->>'$.kind') = 'policy')[1])->>'$.sha256' AS document FROM pool_apps
  WHERE artefact IS NOT NULL AND dex_bytes > 0);

---- with_policy
CREATE TABLE with_policy AS SELECT row_number() OVER (ORDER BY base) - 1 AS n, base FROM base WHERE policies > 0;

---- without_policy
CREATE TABLE without_policy AS SELECT row_number() OVER (ORDER BY base) - 1 AS n, base FROM base WHERE policies = 0;

---- parted
-- A fact's JSON in four pieces: up to its id, its sources, and the rest, with what names the app left open.
CREATE TEMP TABLE parted AS
SELECT base, kind, about, f.id, information, owner, b.package, b.version_name, b.version_code, b.label, b.signer,
       regexp_extract(blank(body, artefact, document), '(?s)^(\{"kind":.*?\},"id":")([0-9a-f]{12})","sources":\[([^\]]*)(\].*)$',
                      ['head', 'old', 'sources', 'rest']) AS cut
FROM pool_facts f JOIN base b USING (key);

---- fact
CREATE TABLE fact AS
SELECT (row_number() OVER (ORDER BY kind, path, spot, id) - 1)::INTEGER AS f, * EXCLUDE (path, spot) FROM (
  SELECT base, kind, about, id, information, owner, of_policy(kind) AS policy, kind IN ('AppDeclared', 'SignedBy', 'PolicyDocument') AS fixed,
         CASE kind WHEN 'AppDeclared' THEN replace(cut.head, 'package=' || package, 'package=' || chr(3)) ELSE cut.head END AS head,
         list_filter(string_split(replace(cut.sources, '"', ''), ','), lambda s: s <> '') AS sources,
         CASE kind WHEN 'AppDeclared' THEN
           regexp_replace(cut.rest,
             '"package":(?:"[^"]*"|null),"version_name":(?:"(?:[^"\\]|\\.)*"|null),"version_code":(?:\d+|null)',
             '"package":"' || chr(3) || '","version_name":"' || chr(4) || '","version_code":' || chr(5))
         WHEN 'SignedBy' THEN CASE WHEN signer IS NULL THEN cut.rest ELSE replace(cut.rest, signer, chr(6)) END ELSE cut.rest END AS rest,
         regexp_extract(cut.head, '"path":"((?:[^"\\]|\\.)*)"', 1) AS path,
         coalesce(try_cast(regexp_extract(cut.head, '"at":(\d+)', 1) AS BIGINT), -1) AS spot,
         -- what stays together: an SDK with its calls, a paragraph with what it states
         hash(CASE WHEN of_policy(kind) THEN coalesce(nullif(regexp_extract(cut.head, '"at":(\d+)', 1), ''), id)
              WHEN kind = 'SdkPresent' THEN about WHEN owner IS NOT NULL AND owner <> 'app' THEN owner ELSE id END) AS unit,
         -- what one app cannot have twice
         CASE WHEN kind IN ('SdkPresent', 'PermissionDeclared') THEN hash(kind, about) ELSE hash(kind, path, spot, cut.rest) END AS same
  FROM parted) ORDER BY f;

---- unparted
DROP TABLE parted;

---- light
CREATE TABLE light AS SELECT f, base, policy, fixed, unit, same FROM fact;

---- gap
CREATE TABLE gap AS
SELECT (row_number() OVER (ORDER BY collector, reason, code, detail) - 1)::INTEGER AS g, base, coalesce(of_policy(hides[1]), false) AS policy,
       collector, reason, code, hides, blank(detail, artefact, document) AS detail
FROM pool_gaps JOIN base USING (key) ORDER BY g;

---- covered
-- The coverage of each app as JSON, what the policy is read for apart.
CREATE TABLE covered AS
SELECT base, of_policy((one->>'$.kind')) AS policy, string_agg(one::VARCHAR, ',') AS told
FROM (SELECT base, unnest(json_extract(record, '$.covered[*]')) AS one FROM base) GROUP BY ALL;

---- hidden
CREATE TABLE hidden AS SELECT base, policy, string_agg(detail, ',' ORDER BY g) AS told, count(*) AS gaps FROM gap GROUP BY ALL;

---- verdict
CREATE TABLE verdict AS
SELECT (row_number() OVER (ORDER BY regulation, clause) - 1)::INTEGER AS v, base, v.* EXCLUDE (key) FROM pool_verdicts v JOIN base b USING (key);

---- trace
CREATE TABLE trace AS SELECT base, t.* EXCLUDE (key) FROM pool_traces t JOIN base b USING (key);

---- made
-- One row for each app of the part. A family is eight neighbours that are clones of one another; a third of all apps are in one.
CREATE OR REPLACE TEMP TABLE made AS
WITH numbered AS (
  SELECT i, CASE WHEN chance($seed, i // 8) < 0.33 THEN -1 - i // 8 ELSE i END AS family, n.with_policy, n.without_policy, n.bases
  FROM range($first, $end) r(i), (SELECT (SELECT count(*) FROM with_policy) AS with_policy,
       (SELECT count(*) FROM without_policy) AS without_policy, (SELECT count(*) FROM base) AS bases) n),
rolled AS (
  SELECT *, hash($seed, family, 'base') % bases AS b, hash($seed, family, 'one') % bases AS d1, hash($seed, family, 'two') % bases AS d2,
         (chance($seed, hash(family, 'policy')) < $policies AND with_policy > 0) OR without_policy = 0 AS has_policy,
         -- some policies are copied from one app to another, a few of them often
         CASE WHEN chance($seed, hash(i, 'copied')) < 0.2 THEN (chance($seed, hash(i, 'which')) ** 3 * 2000)::BIGINT ELSE 2000 + i END AS text,
         -- every twentieth is the next version of the one before it
         i - CASE WHEN i % 20 = 19 THEN 1 ELSE 0 END AS app,
         CASE WHEN chance($seed, hash(family, 'same signer')) < 0.5 THEN family ELSE i END AS maker
  FROM numbered),
drawn AS (
  SELECT *, CASE WHEN has_policy THEN (SELECT list(base ORDER BY n) FROM with_policy)[(CASE WHEN text < 2000 THEN hash($seed, text) ELSE hash($seed, family, 'q') END % greatest(with_policy, 1))::INTEGER + 1]
            ELSE (SELECT list(base ORDER BY n) FROM without_policy)[(hash($seed, family, 'q') % greatest(without_policy, 1))::INTEGER + 1] END AS q,
         (chance($seed, hash(maker, 'maker')) ** 2 * $apps / 4)::BIGINT AS developer
  FROM rolled)
SELECT m.i, m.family, m.b::INTEGER AS b, m.d1::INTEGER AS d1, m.d2::INTEGER AS d2, m.q, m.has_policy, m.text, m.developer,
       sha256('key ' || $seed || ' ' || m.i) AS key, sha256('apk ' || $seed || ' ' || m.i) AS artefact,
       sha256('document ' || $seed || ' ' || m.q || ' ' || m.text) AS document,
       CASE WHEN m.has_policy THEN sha256('text ' || $seed || ' ' || m.q || ' ' || m.text) END AS policy,
       hash($seed, m.q, m.text) AS policy_seed, sha256('signer ' || m.developer || ' ' || m.maker % 3) AS signer,
       'cn.made.d' || m.developer || '.app' || m.app AS package,
       (1 + hash(m.i, 'major') % 9) || '.' || hash(m.i, 'minor') % 20 || '.' || m.i % 20 AS version_name,
       (hash(m.app, 'code') % 900 + 1 + m.i - m.app)::BIGINT AS version_code,
       x.label || ' ' || m.app AS label, x.min_sdk, x.target_sdk, (x.size * (0.8 + 0.4 * chance(m.i, 'size')))::BIGINT AS size,
       (x.dex_bytes * (0.8 + 0.4 * chance(m.i, 'dex')))::BIGINT AS dex_bytes, y.type, y.policies, x.evidence, x.tool, x.catalogue,
       y.record AS other,
       list_transform(x.sketch, lambda s, n: CASE
         WHEN chance(hash(m.family, 'own code'), n) < chance(m.family, 'how much') THEN CASE
           WHEN chance(hash(m.i, 'changed'), n) < 0.1 * chance(m.i, 'changes') THEN hash(m.i, n) % 65536 ELSE hash(m.family, n) % 65536 END
         ELSE s END) AS sketch
FROM drawn m JOIN base x ON x.base = m.b JOIN base y ON y.base = m.q;

---- chosen
-- Which facts each app has: most of its base's, an eighth of two others' each, and what another's policy says. In the order of the file.
CREATE OR REPLACE TEMP TABLE chosen AS
WITH drawn AS (
  SELECT i, family, policy_seed, b AS base, 0 AS way FROM made UNION ALL SELECT i, family, policy_seed, d1, 1 FROM made
  UNION ALL SELECT i, family, policy_seed, d2, 2 FROM made UNION ALL SELECT i, family, policy_seed, q, 3 FROM made)
SELECT i, f, way FROM (
SELECT i, f, way, same FROM drawn JOIN light USING (base)
WHERE CASE way WHEN 0 THEN NOT policy AND (fixed OR (chance(hash(family, 'kept'), unit) < 0.77 AND chance(i, f) < 0.98))
      WHEN 3 THEN policy AND (fixed OR chance(policy_seed, unit) < 0.97)
      ELSE NOT policy AND NOT fixed AND chance(hash(family, way), unit) < 0.125 AND chance(i, f) < 0.98 END
QUALIFY row_number() OVER (PARTITION BY i, same ORDER BY way, f) = 1) JOIN made USING (i) ORDER BY key, f;

---- apps
SELECT key, artefact, package, version_name, version_code, label, min_sdk, target_sdk, signer, size, dex_bytes, type, m.policy, policies,
       evidence, tool, catalogue, coalesce(c.facts, 0) AS facts, coalesce(a.gaps, 0) + coalesce(p.gaps, 0) AS gaps, sketch,
       -- the head of the facts file: the base's, with names made anew, and coverage, gaps and type of both
       '{"format":1,"tool":' || (other::JSON->'$.tool')::VARCHAR || ',"case":{"artefacts":['
       || '{"sha256":"' || artefact || '","kind":"apk","name":"' || package || '.apk","size":' || size || '}'
       || CASE WHEN has_policy THEN ',{"sha256":"' || document || '","kind":"policy","name":"policy.html","size":40000}' ELSE '' END
       || '],"app":' || json_object('package', package, 'version_name', version_name, 'version_code', version_code, 'min_sdk', min_sdk,
                                     'target_sdk', target_sdk, 'label', label, 'signer_sha256', signer)::VARCHAR
       || ',"type":' || coalesce((other::JSON->'$.case.type')::VARCHAR, 'null')
       || ',"guessed_type":' || coalesce((other::JSON->'$.case.guessed_type')::VARCHAR, 'null')
       || ',"conduct_date":null,"previous":null,"companions":[]},"facts":[],"covered":['
       || concat_ws(',', ca.told, cp.told) || '],"gaps":[' || filled(concat_ws(',', a.told, p.told), artefact, document)
       || '],"answers":[]}' AS record
FROM made m LEFT JOIN (SELECT i, count(*) AS facts FROM chosen GROUP BY i) c USING (i)
LEFT JOIN hidden a ON a.base = m.b AND NOT a.policy LEFT JOIN hidden p ON p.base = m.q AND p.policy
LEFT JOIN covered ca ON ca.base = m.b AND NOT ca.policy LEFT JOIN covered cp ON cp.base = m.q AND cp.policy
ORDER BY key

---- facts
SELECT key, id, kind, about, information, owner,
       CASE WHEN fixed THEN replace(replace(replace(replace(raw, chr(3), package), chr(4), version_name), chr(5), version_code::VARCHAR), chr(6), signer)
            ELSE raw END AS body
FROM (SELECT key, id, kind, about, information, owner, fixed, package, version_name, version_code, signer,
             CASE WHEN policy THEN filled(text, artefact, document) ELSE replace(text, chr(1), artefact) END AS raw
      FROM (SELECT m.*, t.kind, t.about, t.information, t.owner, t.fixed, t.policy, name12(m.mark, t.id) AS id,
                   t.head || name12(m.mark, t.id) || '","sources":['
                   || CASE WHEN len(t.sources) = 0 THEN ''
                           ELSE array_to_string(list_transform(t.sources, lambda s: '"' || name12(m.mark, s) || '"'), ',') END || t.rest AS text
            FROM (SELECT o.f, made.key, made.artefact, made.document, package, version_name, version_code, signer,
                         CASE WHEN o.way = 3 THEN policy_seed ELSE hash($seed, made.i) END AS mark
                  FROM chosen o JOIN made USING (i)) m JOIN fact t USING (f)))

---- verdicts
SELECT key, catalogue, regulation, clause, outcome, v.evidence, waits
FROM (SELECT key, i, b, q FROM made ORDER BY key) m JOIN (SELECT *, hash(clause) AS clause_hash FROM verdict) v
  ON v.base = CASE WHEN chance(m.i, 'verdicts') < 0.5 THEN m.b ELSE m.q END
ORDER BY key, v

---- gaps
SELECT key, collector, reason, code, hides, filled(detail, artefact, document) AS detail
FROM (SELECT key, artefact, document, b AS base, false AS policy FROM made UNION ALL SELECT key, artefact, document, q, true FROM made) m
JOIN gap USING (base, policy) ORDER BY key, g

---- traces
SELECT key, catalogue, clause, trace FROM (SELECT key, CASE WHEN chance(i, 'verdicts') < 0.5 THEN b ELSE q END AS base FROM made) m
JOIN trace USING (base) ORDER BY key, clause

---- items
-- Two runs: most apps are in both, some only in the first or the second; the next version of an app is in the second.
SELECT run, 'store/' || package || '/' || version_name || '.apk' AS name, key, CASE WHEN run = 1 OR fresh THEN 'done' ELSE 'known' END AS outcome,
       ['游戏', '日常工具', '电子商务', '生活服务', '社交通讯', '教育', '主题壁纸', '新闻阅读', '运动健康', '系统工具', '音乐视频', '金融', '拍照摄影', '其他']
         [1 + (chance(hash(family, 'category'), 1) ** 2 * 13.99)::INTEGER] AS category,
       '开发者' || developer AS developer, exp(20 * chance(hash(i, 'downloads'), 1))::BIGINT AS downloads,
       ['alpha', 'beta', 'gamma', 'delta', 'epsilon'][(1 + hash(i, 'store') % 5)::INTEGER] AS store,
       CASE WHEN run = 1 OR fresh THEN round(5 * chance(i, 'seconds'), 3) ELSE 0.01 END AS seconds,
       CASE WHEN run = 1 OR fresh THEN round(80 + 500 * chance(i, 'memory'), 1) ELSE 0.0 END AS peak_mib
FROM (SELECT *, i % 20 = 19 OR i % 50 = 8 AS fresh FROM made) m, (VALUES (1), (2)) r(run)
WHERE CASE WHEN fresh THEN run = 2 WHEN i % 20 = 18 OR i % 50 = 7 THEN run = 1 ELSE true END ORDER BY run, key
