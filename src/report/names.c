/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a template of officials may name. */
#include "report/form.h"

#define FIELD(id, vi, en)      { id, TEMPLATE_FIELD, { S_INIT(vi), S_INIT(en) }, { NULL, 0 } }
#define BLOCK(id, vi, en)      { id, TEMPLATE_BLOCK, { S_INIT(vi), S_INIT(en) }, { NULL, 0 } }
#define LIST_OF(id, vi, en, x) { id, TEMPLATE_LIST,  { S_INIT(vi), S_INIT(en) }, { x, COUNT_OF(x) } }

#define FIGURES                                                                                              \
    FIELD(NAME_INDEX, "Chỉ số", "Index"), FIELD(NAME_INTERVAL, "Khoảng tin cậy", "Interval"),                \
    FIELD(NAME_LOW, "Cận dưới", "Lower bound"), FIELD(NAME_HIGH, "Cận trên", "Upper bound"),                 \
    FIELD(NAME_N, "Số người trả lời", "Respondents"), FIELD(NAME_MEAN, "Điểm trung bình", "Mean score")
#define STEPS                                                                                                \
    FIELD(NAME_STEP1, "Rất không hài lòng", "Very dissatisfied"), FIELD(NAME_STEP2, "Không hài lòng", "Dissatisfied"), \
    FIELD(NAME_STEP3, "Bình thường", "Neutral"), FIELD(NAME_STEP4, "Hài lòng", "Satisfied"),                 \
    FIELD(NAME_STEP5, "Rất hài lòng", "Very satisfied"), FIELD(NAME_NONE, "Không có ý kiến", "No opinion")
#define ROW FIELD(NAME_ORDER, "Số thứ tự", "Row number"), FIELD(NAME_LABEL, "Tên", "Name"), FIELD(NAME_CODE, "Mã", "Code")

static const TemplateName of_leaf[]   = { ROW, FIGURES, STEPS };
static const TemplateName of_factor[] = { ROW, FIGURES, STEPS, LIST_OF(NAME_QUESTIONS, "Câu hỏi", "Questions", of_leaf) };
static const TemplateName of_topic[]  = { ROW, FIGURES, STEPS, LIST_OF(NAME_FACTORS, "Nhân tố", "Factors", of_factor),
                                          LIST_OF(NAME_QUESTIONS, "Câu hỏi", "Questions", of_leaf), BLOCK(NAME_TOPIC_TABLE, "Bảng nội dung",
                                              "Table of contents"),
                                          BLOCK(NAME_TOPIC_CHART, "Biểu đồ nội dung", "Chart of contents") };
static const TemplateName of_province[] = { ROW, FIGURES, FIELD(NAME_RANK, "Hạng", "Rank"), FIELD(NAME_BEST, "Nội dung cao nhất", "Best content"),
                                            FIELD(NAME_WORST, "Nội dung thấp nhất", "Weakest content"), LIST_OF(NAME_TOPICS, "Nội dung", "Contents", of_topic),
                                            BLOCK(NAME_TOPIC_TABLE, "Bảng nội dung", "Table of contents"),
                                            BLOCK(NAME_PROVINCE_CHART, "Biểu đồ tỉnh", "Chart of provinces") };
static const TemplateName of_truth[] = { FIELD(NAME_YES, "Có", "Yes") };

static const TemplateName names[] = {
    FIELD(NAME_ROUND, "Tên đợt khảo sát", "Survey"), FIELD(NAME_NUMBER, "Lần công bố", "Edition number"), FIELD(NAME_PUBLISHED, "Ngày công bố",
        "Publication date"),
    FIELD(NAME_METHOD, "Phương pháp", "Method"), FIELD(NAME_ANSWERS, "Số phiếu", "Answers"), FIELD(NAME_SOURCE, "Nguồn", "Source"),
    FIELD(NAME_ADDRESS, "Địa chỉ trang", "Address"), FIELD(NAME_TODAY, "Ngày lập", "Report date"),
    FIELD(NAME_SUPERIOR, "Cơ quan cấp trên", "Superior body"), FIELD(NAME_AGENCY, "Cơ quan", "Agency"), FIELD(NAME_DOCUMENT, "Số ký hiệu", "Document number"),
    FIELD(NAME_PLACE, "Địa danh ngày tháng", "Place and date"), FIELD(NAME_OFFICE, "Chức vụ người ký", "Signer's office"),
    FIELD(NAME_SIGNER, "Người ký", "Signer"), FIELD(NAME_TO, "Nơi nhận", "Recipients"),
    FIELD(NAME_LABEL, "Tên chỉ số", "Name of index"), FIGURES, FIELD(NAME_BEST, "Nội dung cao nhất", "Best content"),
    FIELD(NAME_WORST, "Nội dung thấp nhất", "Weakest content"),
    LIST_OF(NAME_TOPICS, "Nội dung", "Contents", of_topic), LIST_OF(NAME_PROVINCES, "Tỉnh", "Provinces", of_province),
    LIST_OF(NAME_RANKING, "Xếp hạng", "Ranking", of_province), LIST_OF(NAME_MINE, "Tỉnh này", "This province", of_province),
    LIST_OF(NAME_WEIGHTED, "Có gia quyền", "Weighted", of_truth), LIST_OF(NAME_SIMULATED, "Là mô phỏng", "Simulated", of_truth),
    BLOCK(NAME_TOPIC_TABLE, "Bảng nội dung", "Table of contents"), BLOCK(NAME_TOPIC_CHART, "Biểu đồ nội dung", "Chart of contents"),
    BLOCK(NAME_PROVINCE_TABLE, "Bảng tỉnh", "Table of provinces"), BLOCK(NAME_PROVINCE_CHART, "Biểu đồ tỉnh", "Chart of provinces"),
    BLOCK(NAME_MAP, "Bản đồ", "Map"),
};

TemplateNames report_names(void)
{
    return (TemplateNames){ names, COUNT_OF(names) };
}
