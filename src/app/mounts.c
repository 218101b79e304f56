/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every route table and where it is mounted: the list of modules. */
#include "app/app.h"

#include "admin/admin.h"
#include "admin/home.h"
#include "analysis/analysis.h"
#include "board/board.h"
#include "builder/builder.h"
#include "collect/collect.h"
#include "desk/desk.h"
#include "edition/edition.h"
#include "field/field.h"
#include "form/form.h"
#include "indices/indices.h"
#include "jobs/jobs.h"
#include "league/store.h"
#include "method/store.h"
#include "notice/notice.h"
#include "offline/offline.h"
#include "opendata/opendata.h"
#include "openrosa/openrosa.h"
#include "paper/paper.h"
#include "quality/quality.h"
#include "report/report.h"
#include "sample/store.h"
#include "scheme/store.h"
#include "season/season.h"
#include "service/service.h"
#include "site/site.h"

const Mount app_mounts[] = {
    { "", web_routes },
    { "", app_health_routes },
    { "", site_home_routes },
    { "", site_text_routes },
    { "", site_method_routes },
    { "", site_search_routes },
    { "", site_feed_routes },
    { "", site_unit_routes },
    { "", collect_public_routes },
    { "", collect_respondent_routes },
    { "", collect_desk_routes },
    { "", edition_public_routes },
    { "", opendata_public_routes },
    { "", opendata_openapi_routes },
    { "", report_public_routes },
    { "", desk_public_routes },
    { "", opendata_embed_routes },
    { "", indices_compare_routes },
    { "", indices_public_routes },
    { "", league_public_routes },
    { "", league_report_routes },
    { "", service_public_routes },
    { "", admin_signin_routes },
    { "/api/v1", collect_api_routes },
    { "/api/v1", edition_api_routes },
    { "/api/v1", opendata_api_routes },
    { "/api/v1", service_api_routes },
    { "", offline_routes },
    { "/openrosa", openrosa_routes, openrosa_fail },
    { "/console", admin_home_routes },
    { "/console", admin_health_routes },
    { "/console", jobs_routes },
    { "/console", notice_routes },
    { "/console", mail_routes },
    { "/console", form_routes },
    { "/console", builder_routes },
    { "/console", bank_routes },
    { "/console", collect_console_routes },
    { "/console", collect_desk_console_routes },
    { "/console", openrosa_console_routes },
    { "/console", offline_console_routes },
    { "/console", paper_console_routes },
    { "/console", analysis_export_routes },
    { "/console", analysis_coding_routes },
    { "/console", analysis_frozen_routes },
    { "/console", desk_console_routes },
    { "/console", field_console_routes },
    { "/console", sample_console_routes },
    { "/console", analysis_cleaning_routes },
    { "/console", quality_routes },
    { "/console", recheck_manage_routes },
    { "/console", recheck_routes },
    { "/console", edition_console_routes },
    { "/console", board_routes },
    { "/console", panel_routes },
    { "/console", report_console_routes },
    { "/console", kept_console_routes },
    { "/console", method_console_routes },
    { "/console", scheme_draft_routes },
    { "/console", scheme_console_routes },
    { "/console", season_routes },
    { "/console", registry_console_routes },
    { "/console", league_console_routes },
    { "/console", service_lead_routes },
    { "/console", service_console_routes },
    { "/console", service_file_routes },
    { "/console", weighting_routes },
    { "/console", admin_unit_routes },
    { "/console", admin_people_routes },
    { "/console", admin_grant_routes },
    { "/console", admin_account_routes },
    { "/console", admin_audit_routes },
};
const size_t app_mount_count = COUNT_OF(app_mounts);

const JobKind *const app_job_kinds[] = {
    &analysis_clean_job,
    &analysis_export_job,
    &analysis_freeze_job,
    &desk_snapshot_job,
    &edition_correct_job,
    &edition_publish_job,
    &field_open_job,
    &frame_read_job,
    &paper_accept_job,
    &quality_job,
    &recheck_job,
    &report_make_job,
    &sample_draw_job,
};
const size_t app_job_kind_count = COUNT_OF(app_job_kinds);

const RecordFollower *const app_record_followers[] = {
    &analysis_follower,
    &openrosa_follower,
    &quality_follower,
};
const size_t app_record_follower_count = COUNT_OF(app_record_followers);
