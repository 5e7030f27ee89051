from __future__ import annotations

from ingest.parsing import parse_text
from ingest.references import Reference, find_references

LAW = (
    "某某市校园安全办法\n第一章 总则\n第一条 根据《中华人民共和国教育法》第三十条第一款，制定本办法。\n"
    "第二条 学校应当建立制度。\n前款所称学校，包括幼儿园。\n第二章 责任\n"
    "第三条 学校有下列情形之一的，责令改正：\n（一）违反本办法第二条的；\n（二）有前项行为拒不改正的。\n"
    "情节严重的，依照前款规定从重处理。\n"
    "第四条 依照本办法第三条第一款第（二）项处理。\n第五条 适用前条规定。\n"
)


def references() -> list[Reference]:
    parsed = parse_text(LAW, source_file="a.txt", sha256="0", doc_id="law")
    texts = {clause.clause_id: clause.text for clause in parsed.clauses}
    found = list(find_references(parsed.clauses))
    assert all(texts[ref.clause_id][ref.span.start : ref.span.end] == ref.words for ref in found)
    return found


def test_references_are_found_with_their_targets() -> None:
    found = {ref.words: ref for ref in references()}
    outer = found["《中华人民共和国教育法》第三十条第一款"]
    assert (outer.title, outer.target_id) == ("中华人民共和国教育法", None)
    assert found["本办法第二条"].target_id == "law.c1.a2"
    assert found["本办法第三条第一款第（二）项"].target_id == "law.c2.a3.p1.i2"
    assert found["前项"].target_id == "law.c2.a3.p1.i1"
    assert found["前条"].target_id == "law.c2.a4"
    assert [ref.target_id for ref in references() if ref.words == "前款"] == ["law.c1.a2", "law.c2.a3.p1"]
