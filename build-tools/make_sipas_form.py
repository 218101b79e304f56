#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""make_sipas_form.py [--check]: writes data/forms/sipas-2023.xlsx and mot-cua.xlsx.

Items come from data/forms/sipas-2023-items.csv, provinces from data/units/provinces.csv; the rest of both questionnaires
(order, conditions, questions on the person) stands here. The same input gives the same bytes: entries are stored, not
deflated, and dated 1980-01-01. --check compares with the files and exits 1 when they differ."""
import csv
import io
import os
import sys
import zipfile
from xml.sax.saxutils import escape

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VI, EN = "Tiếng Việt (vi)", "English (en)"
SURVEY = ["type", "name", "label::" + VI, "label::" + EN, "hint::" + VI, "hint::" + EN, "required", "relevant", "constraint",
          "constraint_message::" + VI, "constraint_message::" + EN, "appearance", "td_code", "td_role"]
CHOICES = ["list_name", "name", "label::" + VI, "label::" + EN, "td_value", "td_missing"]
SETTINGS = ["form_id", "version", "form_title::" + VI, "form_title::" + EN, "default_language", "td_kind", "td_layout", "td_channels"]

NO_OPINION = ("9", "Không có ý kiến / không biết", "No opinion / don't know", "", "yes")
NO_ANSWER = ("99", "Không muốn trả lời", "Prefer not to say", "", "yes")


def scale(list_name, steps):
    """Five steps 1..5 and "no opinion"."""
    rows = [(list_name, str(i + 1), vi, en, str(i + 1), "") for i, (vi, en) in enumerate(steps)]
    return rows + [(list_name,) + NO_OPINION]


def plain(list_name, pairs, last=()):
    return [(list_name, name, vi, en, "", "") for name, vi, en in pairs] + [(list_name,) + row for row in last]


def provinces():
    with open(os.path.join(ROOT, "data/units/provinces.csv"), encoding="utf-8") as f:
        rows = [r for r in csv.DictReader(f) if not r["to"]]
    rows.sort(key=lambda r: r["code"])
    assert len(rows) == 34, len(rows)
    return [(r["code"], r["name_vi"], r["name_en"] or r["name_vi"]) for r in rows]


SATISFIED = scale("hl5", [("Rất không hài lòng", "Very dissatisfied"), ("Không hài lòng", "Dissatisfied"), ("Bình thường", "Neutral"),
                          ("Hài lòng", "Satisfied"), ("Rất hài lòng", "Very satisfied")])
SUITED = scale("ph5", [("Rất không phù hợp", "Very badly"), ("Không phù hợp", "Badly"), ("Bình thường", "Neither well nor badly"),
                       ("Phù hợp", "Well"), ("Rất phù hợp", "Very well")])
INTEREST = scale("qt5", [("Hoàn toàn không quan tâm", "Not at all"), ("Ít quan tâm", "A little"), ("Bình thường", "Somewhat"),
                         ("Quan tâm", "Closely"), ("Rất quan tâm", "Very closely")])
READY = scale("ss5", [("Hoàn toàn không sẵn sàng", "Not at all"), ("Không sẵn sàng", "Not ready"), ("Bình thường", "Somewhat"),
                      ("Sẵn sàng", "Ready"), ("Rất sẵn sàng", "Very ready")])
MET = plain("gap", [("0", "Không gặp lần nào", "Never"), ("1", "Gặp một vài lần", "Once or twice"), ("2", "Gặp nhiều lần", "Often")],
            [("8", "Không làm việc với cơ quan nhà nước", "I had nothing to do with public bodies", "", "na"),
             ("99", "Không muốn trả lời", "Prefer not to say", "", "yes")])
YES_NO = plain("co_khong", [("co", "Có", "Yes"), ("khong", "Không", "No")])
AREA = plain("khu_vuc", [("thanh_thi", "Phường", "Urban ward"), ("nong_thon", "Xã", "Rural commune"), ("dac_khu", "Đặc khu", "Special zone")])
SEX = plain("gioi", [("nam", "Nam", "Man"), ("nu", "Nữ", "Woman"), ("khac", "Khác", "Other")], [NO_ANSWER])
AGE = plain("tuoi", [("18_24", "18–24 tuổi", "18–24"), ("25_34", "25–34 tuổi", "25–34"), ("35_49", "35–49 tuổi", "35–49"),
                     ("50_59", "50–59 tuổi", "50–59"), ("60", "Từ 60 tuổi", "60 or older")], [NO_ANSWER])
SCHOOL = plain("hoc_van", [("1", "Tiểu học hoặc thấp hơn", "Primary school or less"), ("2", "Trung học cơ sở", "Lower secondary school"),
                           ("3", "Trung học phổ thông", "Upper secondary school"), ("4", "Trung cấp, cao đẳng", "Vocational school or college"),
                           ("5", "Đại học", "University"), ("6", "Trên đại học", "Postgraduate")], [NO_ANSWER])
WORK = plain("nghe", [("nong", "Nông, lâm, ngư nghiệp", "Farming, forestry, fishing"), ("cong_nhan", "Công nhân, lao động phổ thông", "Worker"),
                      ("kinh_doanh", "Kinh doanh, buôn bán, dịch vụ", "Trade, business, services"),
                      ("nhan_vien", "Nhân viên doanh nghiệp, tổ chức", "Employee of a company or organisation"),
                      ("cong_chuc", "Cán bộ, công chức, viên chức, lực lượng vũ trang", "Civil servant, public employee, armed forces"),
                      ("noi_tro", "Nội trợ", "Homemaker"), ("sinh_vien", "Học sinh, sinh viên", "Student"),
                      ("nghi_huu", "Nghỉ hưu", "Retired"), ("tim_viec", "Chưa có việc làm", "Without work"), ("khac", "Nghề khác", "Other")], [NO_ANSWER])
ETHNIC = plain("dan_toc", [("kinh", "Kinh", "Kinh"), ("khac", "Dân tộc khác", "Other")], [NO_ANSWER])
CHANNELS = plain("kenh", [("truyen_hinh", "Truyền hình, phát thanh", "Television, radio"), ("bao", "Báo in, báo điện tử", "Newspapers, news sites"),
                          ("loa", "Loa truyền thanh ở địa phương", "Local loudspeakers"), ("hop", "Cuộc họp thôn, tổ dân phố", "Village or neighbourhood meetings"),
                          ("cong", "Cổng thông tin của cơ quan nhà nước", "Websites of public bodies"), ("mang", "Mạng xã hội (Zalo, Facebook…)", "Social networks (Zalo, Facebook…)"),
                          ("can_bo", "Cán bộ, công chức", "Officials"), ("nguoi_quen", "Người thân, bạn bè", "Family, friends"), ("khac", "Kênh khác", "Other"),
                          ("khong", "Không biết qua kênh nào", "None")])
FIELDS = plain("linh_vuc", [("dat", "Đất đai, nhà ở", "Land, housing"), ("ho_tich", "Hộ tịch, chứng thực", "Civil status, certification"),
                            ("cu_tru", "Cư trú, căn cước, hộ chiếu", "Residence, identity card, passport"), ("lai_xe", "Giấy phép lái xe, phương tiện", "Driving licence, vehicles"),
                            ("kinh_doanh", "Đăng ký kinh doanh", "Business registration"), ("xay_dung", "Xây dựng", "Construction"),
                            ("bao_hiem", "Bảo hiểm xã hội, bảo hiểm y tế", "Social and health insurance"), ("tro_giup", "Người có công, trợ giúp xã hội", "Merit and social assistance"),
                            ("giao_duc", "Giáo dục", "Education"), ("y_te", "Y tế", "Health"), ("thue", "Thuế, phí", "Taxes, fees"), ("khac", "Lĩnh vực khác", "Other")])
WAYS = plain("hinh_thuc", [("truc_tiep", "Đến tận nơi", "In person"), ("truc_tuyen", "Qua Cổng dịch vụ công", "Through the online service portal"),
                           ("buu_chinh", "Qua bưu chính", "By post")])
WISHES = plain("mong", [("thong_tin", "Thông tin về chính sách dễ tìm, dễ hiểu hơn", "Information that is easier to find and understand"),
                        ("tham_gia", "Người dân được góp ý nhiều hơn trước khi ban hành chính sách", "More say for people before a policy is made"),
                        ("giai_trinh", "Giải trình rõ ràng, kịp thời", "Clear and timely explanations"), ("thu_tuc", "Thủ tục đơn giản hơn, ít giấy tờ hơn", "Simpler procedures, fewer papers"),
                        ("thoi_gian", "Giải quyết nhanh hơn, đúng hẹn", "Faster results, on time"), ("truc_tuyen", "Dịch vụ trực tuyến dễ dùng hơn", "Online services that are easier to use"),
                        ("thai_do", "Công chức lịch sự, tận tình hơn", "More polite and helpful officials"), ("nang_luc", "Công chức thạo việc hơn", "More competent officials"),
                        ("liem_chinh", "Không sách nhiễu, không đưa tiền ngoài quy định", "No harassment, no unofficial payments"),
                        ("phan_anh", "Phản ánh, kiến nghị được giải quyết và trả lời", "Complaints that are settled and answered")],
               [("khong", "Không có ý kiến", "No opinion", "", "yes")])

AT_MOST_THREE = ("count-selected(.) <= 3 and (not(selected(., 'khong')) or count-selected(.) = 1)", "Chọn nhiều nhất 3 việc", "Choose three at most")
ALONE = ("not(selected(., 'khong')) or count-selected(.) = 1", "Nếu đã chọn “Không” thì không chọn mục khác", "If you choose “None”, choose nothing else")


class Form:
    """Rows of the sheet survey, in order."""

    def __init__(self):
        self.rows = []

    def row(self, kind, name, vi="", en="", hint=("", ""), required="", relevant="", rule=("", "", ""), appearance="", code="", role=""):
        self.rows.append([kind, name, vi, en, hint[0], hint[1], required, relevant, rule[0], rule[1], rule[2], appearance, code, role])

    def group(self, name, vi, en, relevant=""):
        self.row("begin_group", name, vi, en, relevant=relevant)

    def end(self):
        self.row("end_group", "")

    def ask(self, kind, name, text, **more):
        self.row(kind, name, text[0], text[1], required=more.pop("required", "yes"), **more)


def items():
    with open(os.path.join(ROOT, "data/forms/sipas-2023-items.csv"), encoding="utf-8") as f:
        return {r["code"]: (r["text_vi"], r["text_en"]) for r in csv.DictReader(f)}


def lower_first(text):
    return text[0].lower() + text[1:]


# The groups as they stand inside an English sentence.
GROUPS_EN = ["the economy", "public health care", "public schools", "public order and safety", "roads", "household electricity",
             "household water", "social security", "administrative reform"]


def perception(f, t):
    f.group("a", *t["A"])
    hint = ("Có thể chọn nhiều mục.", "You may choose several.")
    f.ask("select_one qt5", "a1", t["A1.1"], appearance="likert", code="A1", role="perception")
    f.ask("select_multiple kenh", "a2", t["A2.1"], hint=hint, rule=ALONE, code="A2", role="perception")
    f.ask("select_one ph5", "a3", t["A3.1"], relevant="not(selected(${a2}, 'khong'))", appearance="likert", code="A3", role="perception")
    f.ask("select_one ss5", "a4", t["A4.1"], appearance="likert", code="A4", role="perception")
    f.ask("select_one gap", "a5", t["A5.1"], hint=("Câu trả lời không gắn với tên ông/bà.", "Your answer is not linked to your name."), code="A5", role="perception")
    f.ask("select_one gap", "a6", t["A6.1"], hint=("Câu trả lời không gắn với tên ông/bà.", "Your answer is not linked to your name."), code="A6", role="perception")
    f.ask("select_one ph5", "a7", t["A7.1"], hint=("Nộp tại chỗ, qua bưu chính hoặc trên mạng.", "In person, by post or online."), appearance="likert", code="A7", role="perception")
    f.ask("select_multiple nhom", "a8", t["A8.1"], hint=hint, rule=ALONE, code="A8", role="filter")
    f.ask("select_one co_khong", "da_lam", ("Trong 12 tháng qua, ông/bà có làm thủ tục hành chính nào không?", "Did you go through any administrative procedure in the last 12 months?"),
          hint=("Ví dụ: khai sinh, đất đai, căn cước, đăng ký kinh doanh; tại bộ phận một cửa hoặc trên mạng.", "Such as birth registration, land, identity card, business registration; at a one-stop desk or online."), role="filter")
    f.end()


def policy(f, t):
    f.group("b1", "Chính sách công", "Public policy", relevant="not(selected(${a8}, 'khong'))")
    f.row("note", "b1_loi", "Xin cho biết mức độ hài lòng với từng chính sách, dịch vụ mà ông/bà vừa chọn.", "Please say how satisfied you are with each policy or service you have just chosen.")
    for k in range(1, 10):
        title = t["S%d" % k]
        f.group("s%d" % k, title[0], title[1], relevant="selected(${a8}, 's%d')" % k)
        for c in range(1, 5):
            vi, en = t["B1.%d.x" % c]
            f.ask("select_one hl5", "b1%d_s%d" % (c, k), (vi.format(group=lower_first(title[0])), en.format(group=GROUPS_EN[k - 1])),
                  appearance="likert", code="B1.%d.S%d" % (c, k), role="satisfaction")
        f.end()
    f.end()


def services(f, t):
    f.group("b2", "Dịch vụ hành chính công", "Administrative services", relevant="${da_lam} = 'co'")
    f.ask("select_one linh_vuc", "linh_vuc", ("Lần gần nhất, ông/bà làm thủ tục về lĩnh vực nào?", "Which field was your latest procedure about?"), role="profile")
    f.ask("select_one hinh_thuc", "hinh_thuc", ("Ông/bà nộp hồ sơ bằng cách nào?", "How did you file your papers?"), role="profile")
    f.ask("integer", "so_lan", ("Ông/bà phải đi lại mấy lần để xong việc?", "How many trips did it take?"), relevant="${hinh_thuc} = 'truc_tiep'", required="",
          hint=("Tính cả lần nộp hồ sơ và lần nhận kết quả.", "Count filing and receiving too."), rule=(". >= 1 and . <= 30", "Ghi một số từ 1 đến 30", "Write a number from 1 to 30"), role="profile")
    counts = {1: 3, 2: 3, 3: 4, 4: 3, 5: 2}
    for k, n in counts.items():
        title = t["B2.%d" % k]
        f.group("b2%d" % k, title[0], title[1])
        if k == 5:
            f.ask("select_one co_khong", "da_phan_anh", ("Ông/bà đã gửi phản ánh, kiến nghị về việc giải quyết thủ tục bao giờ chưa?", "Have you ever sent a complaint or suggestion about a procedure?"), role="filter")
        for i in range(1, n + 1):
            f.ask("select_one hl5", "b2%d_%d" % (k, i), t["B2.%d.%d" % (k, i)], appearance="likert", code="B2.%d.%d" % (k, i), role="satisfaction",
                  relevant="${da_phan_anh} = 'co'" if k == 5 else "")
        f.end()
    f.end()


def person(f, sipas):
    f.group("tt", "Về ông/bà", "About you")
    f.ask("select_one gioi", "gioi_tinh", ("Giới tính của ông/bà?", "Are you a man or a woman?"), role="profile")
    f.ask("select_one tuoi", "nhom_tuoi", ("Ông/bà ở nhóm tuổi nào?", "What is your age group?"), role="profile")
    if sipas:
        f.ask("select_one hoc_van", "hoc_van", ("Trình độ học vấn cao nhất của ông/bà?", "What is your highest level of education?"), role="profile")
        f.ask("select_one nghe", "nghe", ("Công việc chính của ông/bà?", "What is your main occupation?"), role="profile")
        f.ask("select_one dan_toc", "dan_toc", ("Ông/bà thuộc dân tộc nào?", "Which ethnic group do you belong to?"), role="profile")
    f.end()


PROVINCE = ("Ông/bà đang sống ở tỉnh, thành phố nào?", "Which province or city do you live in?")
PROVINCE_HINT = ("Tên tỉnh, thành phố từ ngày 01/07/2025.", "Names since 1 July 2025.")


def sipas():
    t, f = items(), Form()
    f.group("noi_o", "Nơi ở", "Where you live")
    f.ask("select_one tinh", "tinh", PROVINCE, hint=PROVINCE_HINT, appearance="minimal", role="profile")
    f.ask("select_one khu_vuc", "khu_vuc", ("Nơi ông/bà sống là phường, xã hay đặc khu?", "Do you live in an urban ward, a rural commune or a special zone?"), role="profile")
    f.end()
    perception(f, t)
    policy(f, t)
    services(f, t)
    f.group("c", t["C"][0], t["C"][1])
    f.ask("select_multiple mong", "c1", t["C1"], hint=("Chọn nhiều nhất 3 việc.", "Choose three at most."), rule=AT_MOST_THREE, code="C1", role="expectation")
    f.ask("text", "c2", t["C2"], required="", appearance="multiline", code="C2", role="open",
          hint=("Xin đừng ghi tên, số điện thoại hay địa chỉ.", "Please give no names, telephone numbers or addresses."))
    f.end()
    person(f, True)
    groups = plain("nhom", [("s%d" % k, t["S%d" % k][0], t["S%d" % k][1]) for k in range(1, 10)] + [("khong", "Không có mục nào", "None of these")])
    choices = (plain("tinh", provinces()) + AREA + INTEREST + CHANNELS + SUITED + READY + MET + groups + YES_NO + SATISFIED + FIELDS + WAYS + WISHES +
               SEX + AGE + SCHOOL + WORK + ETHNIC)
    return f.rows, choices, ["sipas-2023", "2026112201", "Mức độ hài lòng của người dân đối với sự phục vụ của cơ quan nhà nước",
                             "People's satisfaction with the service of public bodies", VI, "survey", "one", "online field paper"]


def desk():
    f, in_person, online = Form(), "${hinh_thuc} = 'truc_tiep'", "${hinh_thuc} = 'truc_tuyen'"
    f.group("lan_nay", "Lần gần nhất", "Your latest visit")
    f.ask("select_one tinh", "tinh", ("Ông/bà làm thủ tục ở tỉnh, thành phố nào?", "In which province or city was your procedure?"), hint=PROVINCE_HINT, appearance="minimal", role="profile")
    f.ask("select_one linh_vuc", "linh_vuc", ("Ông/bà làm thủ tục về lĩnh vực nào?", "Which field was it about?"), role="profile")
    f.ask("select_one hinh_thuc", "hinh_thuc", ("Ông/bà nộp hồ sơ bằng cách nào?", "How did you file your papers?"), role="profile")
    f.ask("integer", "phut_cho", ("Ông/bà chờ bao nhiêu phút mới đến lượt?", "How many minutes did you wait for your turn?"), relevant=in_person, required="",
          hint=("Ước lượng là được. Không nhớ thì để trống.", "An estimate will do. Leave it empty if you do not remember."),
          rule=(". >= 0 and . <= 600", "Ghi số phút từ 0 đến 600", "Write minutes from 0 to 600"), role="profile")
    f.end()

    def rate(name, code, vi, en, relevant=""):
        f.ask("select_one hl5", name, ("Ông/bà hài lòng ở mức nào với " + vi + "?", "How satisfied are you with " + en + "?"), appearance="likert", code=code,
              role="satisfaction", relevant=relevant)

    f.group("muc_do", "Mức độ hài lòng", "Your satisfaction")
    rate("hl_noi", "B2.1.1", "chỗ ngồi chờ và thiết bị tại bộ phận một cửa", "the seats and equipment at the one-stop desk", in_person)
    rate("hl_trang", "B2.1.2", "Cổng dịch vụ công: dễ vào, dễ dùng", "the online portal: easy to reach and to use", online)
    rate("hl_thu_tuc", "B2.2.1", "thủ tục: công khai, đơn giản, dễ làm", "the procedure: public, simple, easy")
    rate("hl_thai_do", "B2.3.1", "thái độ của công chức: lịch sự, tôn trọng", "the civil servant's manner: polite and respectful")
    rate("hl_huong_dan", "B2.3.2", "việc hướng dẫn hồ sơ: rõ ràng, đủ trong một lần", "the guidance on papers: clear, and complete the first time")
    rate("hl_dung_hen", "B2.4.1", "thời gian trả kết quả: đúng hẹn", "the time of the result: on the day promised")
    rate("hl_ket_qua", "B2.4.2", "kết quả nhận được: đúng, đủ thông tin", "the result: correct and complete")
    low = " or ".join("${%s} <= 2" % n for n in ("hl_thu_tuc", "hl_thai_do", "hl_huong_dan", "hl_dung_hen", "hl_ket_qua"))
    f.ask("select_multiple ly_do", "ly_do", ("Điều gì khiến ông/bà chưa hài lòng?", "What were you not satisfied with?"), relevant=low, required="",
          hint=("Có thể chọn nhiều mục.", "You may choose several."))
    f.end()
    f.group("phan_anh", "Phản ánh, kiến nghị", "Complaints and suggestions")
    f.ask("select_one co_khong", "da_phan_anh", ("Ông/bà có gửi phản ánh, kiến nghị về lần làm thủ tục này không?", "Did you send a complaint or suggestion about it?"), role="filter")
    rate("hl_phan_anh", "B2.5.1", "việc tiếp nhận và trả lời phản ánh, kiến nghị", "how it was taken and answered", "${da_phan_anh} = 'co'")
    f.ask("text", "gop_y", ("Ông/bà có góp ý gì thêm?", "Would you like to add anything?"), required="", appearance="multiline", role="open",
          hint=("Xin đừng ghi tên, số điện thoại hay địa chỉ.", "Please give no names, telephone numbers or addresses."))
    f.end()
    person(f, False)
    reasons = plain("ly_do", [("cho_lau", "Phải chờ lâu", "A long wait"), ("di_lai", "Phải đi lại nhiều lần", "Several trips"), ("giay_to", "Nhiều giấy tờ", "Many papers"),
                              ("huong_dan", "Hướng dẫn chưa rõ", "Unclear guidance"), ("thai_do", "Thái độ phục vụ", "The manner of service"), ("tre_hen", "Trả kết quả trễ hẹn", "A late result"),
                              ("sai_sot", "Kết quả có sai sót", "Mistakes in the result"), ("khac", "Lý do khác", "Other")])
    choices = plain("tinh", provinces()) + FIELDS + WAYS + SATISFIED + reasons + YES_NO + SEX + AGE
    return f.rows, choices, ["mot-cua", "2026112201", "Hài lòng khi làm thủ tục tại bộ phận một cửa", "Satisfaction at the one-stop desk", VI, "survey", "one", "online field paper"]


# ---- The workbook -----------------------------------------------------------------------------------------

def column(i):
    return (chr(64 + i // 26) if i >= 26 else "") + chr(65 + i % 26)


def sheet_xml(rows, widths):
    out = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
           '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>']
    out += ['<col min="%d" max="%d" width="%d" customWidth="1"/>' % (i + 1, i + 1, w) for i, w in enumerate(widths)]
    out.append("</cols><sheetData>")
    for r, row in enumerate(rows, 1):
        out.append('<row r="%d">' % r)
        for i, cell in enumerate(row):
            if cell != "":
                out.append('<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (column(i), r, 1 if r == 1 else 2, escape(cell)))
        out.append("</row>")
    out.append("</sheetData></worksheet>")
    return "".join(out)


STYLES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE6ECF2"/></patternFill></fill></fills>
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/><xf xfId="0" fontId="1" fillId="2" applyFont="1" applyFill="1"/>
<xf xfId="0" numFmtId="49" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs></styleSheet>"""

WIDTHS = {"survey": [24, 14, 60, 60, 36, 36, 10, 32, 32, 30, 30, 12, 10, 14], "choices": [12, 14, 44, 44, 10, 12], "settings": [14, 14, 50, 50, 18, 10, 10, 16]}


def workbook(rows, choices, settings):
    sheets = [("survey", [SURVEY] + rows), ("choices", [CHOICES] + [list(c) for c in choices]), ("settings", [SETTINGS, settings])]
    ns, rel = "http://schemas.openxmlformats.org", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    parts = [("[Content_Types].xml", head + '<Types xmlns="%s/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' % ns +
              '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>' +
              '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>' +
              "".join('<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>' % (i + 1) for i in range(3)) + "</Types>"),
             ("_rels/.rels", head + '<Relationships xmlns="%s/package/2006/relationships"><Relationship Id="rId1" Type="%s/officeDocument" Target="xl/workbook.xml"/></Relationships>' % (ns, rel)),
             ("xl/workbook.xml", head + '<workbook xmlns="%s/spreadsheetml/2006/main" xmlns:r="%s"><sheets>' % (ns, rel) +
              "".join('<sheet name="%s" sheetId="%d" r:id="rId%d"/>' % (name, i + 1, i + 1) for i, (name, _) in enumerate(sheets)) + "</sheets></workbook>"),
             ("xl/_rels/workbook.xml.rels", head + '<Relationships xmlns="%s/package/2006/relationships">' % ns +
              "".join('<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>' % (i + 1, rel, i + 1) for i in range(3)) +
              '<Relationship Id="rId4" Type="%s/styles" Target="styles.xml"/></Relationships>' % rel),
             ("xl/styles.xml", STYLES)]
    parts += [("xl/worksheets/sheet%d.xml" % (i + 1), sheet_xml(data, WIDTHS[name])) for i, (name, data) in enumerate(sheets)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as z:
        for name, text in parts:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            z.writestr(entry, text.encode("utf-8"))
    return out.getvalue()


def main():
    check, bad = "--check" in sys.argv[1:], False
    for name, make in (("sipas-2023", sipas), ("mot-cua", desk)):
        path = os.path.join(ROOT, "data/forms", name + ".xlsx")
        data = workbook(*make())
        old = open(path, "rb").read() if os.path.exists(path) else b""
        if check:
            bad |= data != old
        elif data != old:
            open(path, "wb").write(data)
        asked = sum(1 for r in make()[0] if r[0] not in ("begin_group", "end_group", "note"))
        print("%s: %d questions, %d bytes%s" % (name, asked, len(data), ", DIFFERS" if check and data != old else ""))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
