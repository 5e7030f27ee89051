from __future__ import annotations

import pytest

from ingest.headings import Stretch, clean_title, find_enumerations, heading_ends

SEVEN = ("进机关", "进企业", "进社区", "进乡镇")


def title_of(words: str, *, children: bool = False, members: tuple[str, ...] = ()) -> str:
    end = heading_ends(words, [Stretch(0, len(words), 0, children)], [members] if members else [])[0]
    return words[:end]


@pytest.mark.parametrize(
    ("words", "children", "title"),
    [
        # On its own line.
        ("总体要求\n以安全为中心。", False, "总体要求"),
        ("主要任务", True, "主要任务"),
        ("组织领导机构\n由镇长任组长。", False, "组织领导机构"),
        ("坚持预防为主，落实责任。\n各校要做好防范。", False, "坚持预防为主，落实责任。"),
        ("身份证复印件", False, ""),
        ("每学期演练一次。", False, ""),
        ("申请人应当符合下列条件：", True, ""),
        ("将第三条中的“甲类”修改为“乙类”，人员达到20人，每年检查2次，报送结果。\n另行通知。", False, ""),
        # Glued to its paragraph: a word of the table.
        ("总体要求以安全为中心,坚持预防为主。", False, "总体要求"),
        ("具体要求各校既要全面落实,更要突出重点。", False, "具体要求"),
        ("指导思想要明确,措施要有力,责任要到人。", False, ""),
        ("总体要求和目标一致,各校要对照执行到位。", False, ""),
        # A short first sentence.
        ("健全常态化机制。成立办公室,由专人负责。", False, "健全常态化机制。"),
        ("在带头学习上做表率。各部门要坚持学习。", False, "在带头学习上做表率。"),
        ("学校应当配备保安。保安持证上岗。", False, ""),
        ("各校要把安全工作纳入计划,加强值守,及时处置,健全责任,明确分工,抓好落实。随后上报。", False, ""),
        # A label before a colon, words before a space.
        ("申请条件：具有本区户籍。", False, "申请条件"),
        ("办理地点：区政务中心。", False, "办理地点"),
        ("符合下列条件之一：具有本区户籍。", False, ""),
        ("工作目标 到年底实现服务全覆盖,群众满意度明显提升。", False, "工作目标"),
        # The same words quoted right after.
        ("进机关安全创建“进机关”,就是要发挥带头作用。", False, "进机关"),
        ("进机关安全创建“进机关”,就是要带头。", True, "进机关"),
        ("", False, ""),
    ],
)
def test_where_a_heading_ends(words: str, children: bool, title: str) -> None:
    assert title_of(words, children=children) == title


def test_a_member_of_an_enumeration_is_a_heading_only_with_further_evidence() -> None:
    assert title_of("进社区民族团结创建“进社区”,就是要服务群众。", members=SEVEN) == "进社区"
    assert title_of("进社区的道路要畅通,便于群众办事出行,便于应急车辆通过小区内部道路,保证安全。", members=SEVEN) == ""


def test_siblings_that_go_on_alike() -> None:
    first, second = "进课堂是校园安全创建的基础,要讲好安全课", "进宿舍是校园安全创建的关键,要落实好值守制度"
    source = first + second
    stretches = [Stretch(0, len(first), 1, False), Stretch(len(first), len(source), 1, False)]
    ends = heading_ends(source, stretches, [])
    assert [source[stretch.start : end] for stretch, end in zip(stretches, ends, strict=True)] == ["进课堂", "进宿舍"]


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("创建进机关、进企业、进社区(以下简称“三进”)", [("进机关", "进企业", "进社区")]),
        ("推动教育进学校、进教材、进课堂、进头脑,", [("进学校", "进教材", "进课堂", "进头脑")]),
        ("进机关、进企业、进社区等。", [("进机关", "进企业", "进社区")]),
        ("就业、就医、就学、社保、落户等", []),
        ("进机关、进企业", []),
        ("", []),
    ],
)
def test_enumerations(text: str, members: list[tuple[str, ...]]) -> None:
    assert find_enumerations(text) == members


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("总　则", "总则"),
        ("附 则", "附则"),
        (" 健全机制。", "健全机制"),
        ("申请条件：", "申请条件"),
        ("加强 A 与 B 合作", "加强 A 与 B 合作"),
    ],
)
def test_clean_titles(words: str, title: str) -> None:
    assert clean_title(words) == title
