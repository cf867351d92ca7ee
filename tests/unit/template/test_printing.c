/* SPDX-License-Identifier: Apache-2.0 */
/* print, printf and the other functions that write. */
#include "template_fixture.h"

static const struct row rows[] = {
    { "{{ print 1 2 \"a\" \"b\" 3 4 nil true }}", "1 2ab3 4 <nil> true" },
    { "{{ print }}|{{ println }}|{{ println 1 \"a\" }}", "|\n|1 a\n" },
    { "{{ printf \"%s-%d-%v\" \"a\" 1 true }}", "a-1-true" },
    { "{{ printf \"%s\" 1 }} {{ printf \"%d\" \"x\" }} {{ printf \"%d\" 1.5 }} {{ printf "
      "\"%z\" 1 }} {{ printf \"%!\" }} {{ printf \"%\" }} {{ printf \"%s\" }} {{ printf \"x\" "
      "1 \"a\" }} {{ printf \"%s\" nil }} {{ printf \"%v\" nil }} {{ printf \"%d\" nil }}",
            "%!s(int=1) %!d(string=x) %!d(float64=1.5) %!z(int=1) %!!(MISSING) %!(NOVERB) "
            "%!s(MISSING) x%!(EXTRA int=1, string=a) %!s(<nil>) <nil> %!d(<nil>)" },
    { "{{ printf \"%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%#o|%O|%b|%c|%q|%U\" 42 42 42 42 42 42 "
      "42 42 42 42 42 42 65 65 65 }}",
            "   42|42   |00042|+42| 42|2a|2A|0x2a|52|052|0o52|101010|A|'A'|U+0041" },
    { "{{ printf \"%5s|%-5s|%.2s|%5.1s|%q|%x|%X|%05s\" \"abc\" \"abc\" \"abc\" \"abc\" "
      "\"a\\\"b\" \"hi\" \"hi\" \"ab\" }}",
            "  abc|abc  |ab|    a|\"a\\\"b\"|6869|6869|000ab" },
    { "{{ printf \"%f|%.2f|%8.3f|%-8.1f|%08.2f|%+.1f|%e|%E|%g|%G|%.3g|%v|%6.2v\" 1.5 1.5 1.5 "
      "1.5 1.5 1.5 1.5 1.5 1.5 1e10 1234.5678 1e6 3.14159 }}",
            "1.500000|1.50|   1.500|1.5     "
            "|00001.50|+1.5|1.500000e+00|1.500000E+00|1.5|1E+10|1.23e+03|1e+06|   3.1" },
    { "{{ printf \"%t|%v|%5t|%s\" true false true true }}", "true|false| true|%!s(bool=true)" },
    { "{{ printf \"%v|%s|%d|%q\" .vars.l .vars.l .vars.l .vars.l }}",
            "[a b c]|[a b c]|[%!d(string=a) %!d(string=b) %!d(string=c)]|[\"a\" \"b\" \"c\"]" },
    { "{{ printf \"%v|%s|%d|%q\" .vars.m .vars.m .vars.m .vars.m }}",
            "map[a:1 b:2 c:map[d:[x 1 <nil> true]]]|map[a:%!s(int=1) b:%!s(int=2) c:map[d:[x "
            "%!s(int=1) <nil> %!s(bool=true)]]]|map[%!d(string=a):1 %!d(string=b):2 "
            "%!d(string=c):map[%!d(string=d):[%!d(string=x) 1 <nil> "
            "%!d(bool=true)]]]|map[\"a\":'\\x01' \"b\":'\\x02' \"c\":map[\"d\":[\"x\" '\\x01' "
            "<nil> %!q(bool=true)]]]" },
    { "{{ printf \"%v %s\" .vars.mixed .vars.mixed }}",
            "[1 a <nil> map[x:1]] [%!s(int=1) a <nil> map[x:%!s(int=1)]]" },
    { "{{ printf \"%[2]s %[1]s\" \"a\" \"b\" }} {{ printf \"%[3]s\" \"a\" }} {{ printf "
      "\"%[1]s\" \"a\" \"b\" }}",
            "b a %!s(BADINDEX) a" },
    { "{{ printf \"%*d|%-*d|%.*f\" 5 1 5 1 2 3.14159 }} {{ printf \"%*d\" \"x\" 1 }}",
            "    1|1    |3.14 %!(BADWIDTH)1" },
    { "{{ printf \"%%|%5%|%c|%c\" 233 128512 }}", "%|%|é|😀" },
    { "{{ printf \"%.3d|%8.3d|%+.3d|%x\" 5 5 5 -255 }}", "005|     005|+005|-ff" },
    { "{{ printf \"%q\" .vars.q }} {{ printf \"%q\" .vars.u }} {{ printf \"%+d %v\" .vars.huge "
      ".vars.huge }}",
            "\"a\\\"b\\\\c\\n\\t\" \"héllo wörld ǆ ß\" +18446744073709551615 "
            "18446744073709551615" },
    { "{{ printf \"%s\" .vars.missing }} {{ print .vars.missing .vars.nul }}",
            "%!s(<nil>) <nil> <nil>" },
    { "{{ html \"<a href='x'>&\\\"\" }} {{ js \"it's <b> \\\"x\\\" = & \\n é\" }} {{ urlquery "
      "\"a b&c=d/é~-_.\" }} {{ html 1 2 }} {{ html .vars.nul }} {{ .vars.l | html }}",
            "&lt;a href=&#39;x&#39;&gt;&amp;&#34; it\\'s \\u003Cb\\u003E \\\"x\\\" \\u003D "
            "\\u0026 \\u000A é a+b%26c%3Dd%2F%C3%A9~-_. 1 2 &lt;no value&gt; [a b c]" },
    { "{{ print (print \"a\") | print \"b\" }}", "ba" },
    { "{{ \"x\" | printf \"%s-%s\" \"y\" }}", "y-x" },
    { "{{ print (len .vars.l) }}{{ (len .vars.l) | print }}", "33" },
    { "{{ print $ | len }}", "392" },
    { "{{ .vars.l | join \",\" | upper | printf \"%q\" }}", "\"A,B,C\"" },
    { "{{ \"}}\" | print }}", "}}" },
    { "{{ print `}}` }}", "}}" },
    { "{{ .vars.n|print|print }}", "5" },
    { "{{(print \"a\")|print}}", "a" },
    { "{{ print -1 }}", "-1" },
};

static void test_printing(void **state)
{
    (void)state;
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_printing) };
    return RUN_TEMPLATE_TESTS(tests);
}
