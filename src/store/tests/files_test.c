/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files by content. */
#include "store/store_files.h"
#include "store/test_store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

TEST(files_are_kept_by_content)
{
    Store *s = test_store(a);
    Sha256 sum, again, none = { { 1 } };
    Str    bytes = S("một tệp\0có byte không"), back;
    CHECK_OK(files_save(s, a, bytes, &sum));
    CHECK_OK(files_save(s, a, bytes, &again));
    CHECK(!memcmp(&sum, &again, sizeof sum));
    CHECK_OK(files_load(s, a, sum, &back));
    CHECK_STR(back, bytes);
    CHECK_OK(files_save(s, a, S(""), &again));
    CHECK_OK(files_load(s, a, again, &back));
    CHECK_INT(back.len, 0);
    CHECK_ERR(files_load(s, a, none, &back), ERR_NOT_FOUND);
}

TEST(files_damage_is_found_at_reading)
{
    Store *s = test_store(a);
    Sha256 sum;
    Str    back = S("untouched");
    CHECK_OK(files_save(s, a, S("whole"), &sum));
    Str path = content_path(a, str_concat(a, s->data_dir, S("/files")), sum);
    int fd   = open(arena_c(a, path), O_WRONLY);
    CHECK_INT(pwrite(fd, "W", 1, 0), 1);
    close(fd);
    CHECK_ERR(files_load(s, a, sum, &back), ERR_IO);
    CHECK_STR(back, S("untouched"));
}

TEST(files_save_mends_a_file_cut_short)
{
    Store *s = test_store(a);
    Sha256 sum;
    Str    back;
    CHECK_OK(files_save(s, a, S("whole"), &sum));
    CHECK(!truncate(arena_c(a, content_path(a, str_concat(a, s->data_dir, S("/files")), sum)), 2));
    CHECK_OK(files_save(s, a, S("whole"), &sum));
    CHECK_OK(files_load(s, a, sum, &back));
    CHECK_STR(back, S("whole"));
}

TEST(files_folder_that_cannot_be_written_is_said_and_leaves_nothing)
{
    Store *s = test_store(a);
    Sha256 sum;
    Str    files = str_concat(a, s->data_dir, S("/files"));
    CHECK_OK(file_write_new(a, files, S("a file where the folder belongs")));
    CHECK_ERR(files_save(s, a, S("x"), &sum), ERR_IO);
    CHECK_ERR(file_write_new(a, files, S("twice")), ERR_IO);
}
