/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every word that pages look up in tables is in the catalogues; every type of the reader has words. */
#include "base/test.h"
#include "builder/console.h"

#include <stdio.h>

TEST(builder_types_and_tests_have_words)
{
    for (int l = 0; l < LANG_COUNT; l++) {
        for (const TypeChoice *k = type_choices; k->word; k++) {
            TypeCell t = type_read(a, str_from_c(k->word));
            CHECK(t.word && t.word->fate == TYPE_READY);
            CHECK(text_find((Lang)l, str_from_c(k->key)).len > 0);
            CHECK(type_group_words((Lang)l, k->group).len > 0);
        }
        for (int i = 0; i < TEST_COUNT; i++)
            CHECK(test_words((Lang)l, (TestKind)i).len > 0);
        for (const KnownPattern *p = known_patterns; p->code; p++)
            CHECK(text_find((Lang)l, arena_fmt(a, "builder.pattern.%s", p->code)).len > 0);
        for (int t = 0; t < Q_TYPE_COUNT; t++) {
            TypeCell cell = type_read(a, form_type_name((QuestionType)t));
            CHECK(!str_eq(type_words((Lang)l, &cell), cell.shown));
            CHECK_STR(form_type_words((Lang)l, (QuestionType)t), type_words((Lang)l, &cell));
        }
    }
}
