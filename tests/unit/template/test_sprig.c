/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of sprig. */
#include "template_fixture.h"

static const struct row rows[] = {
    { "{{ .vars.tenant }}{{ if .vars.region }}-{{ .vars.region }}{{ end }}-{{ "
      ".settings.context.stage | lower }}",
            "data-us-west-2-prod" },
    { "{{ if .vars.n }}y{{ else }}n{{ end }}{{ if .vars.zero }}y{{ else }}n{{ end }}{{ if "
      ".vars.empty }}y{{ else }}n{{ end }}{{ if .vars.el }}y{{ else }}n{{ end }}{{ if .vars.em "
      "}}y{{ else }}n{{ end }}{{ if .vars.nul }}y{{ else }}n{{ end }}{{ if .vars.ff }}y{{ else "
      "}}n{{ end }}{{ if .vars.m }}y{{ else }}n{{ end }}{{ if .vars.missing }}y{{ else }}n{{ "
      "end }}",
            "ynnnnnnyn" },
    { "{{ range .vars.el }}x{{ else }}empty{{ end }}", "empty" },
    { "{{ range $i, $e := .vars.el }}x{{ else }}empty {{ $i }} {{ $e }}{{ end }}",
            "empty [] []" },
    { "{{ range .vars.missing }}x{{ else }}empty{{ end }}", "empty" },
    { "{{ range .vars.nul }}x{{ else }}empty{{ end }}", "empty" },
    { "{{ define \"r\" }}{{ . }}{{ if lt . 5 }}{{ template \"r\" (add1 .) }}{{ end }}{{ end "
      "}}{{ template \"r\" 1 }}",
            "12345" },
    { "{{ upper \"abc é ß ǆ ÿ я\" }} {{ lower \"ABC É İ Я Σ\" }} {{ title \"hello wörld "
      "foo-bar a_b ǆx\" }} {{ upper .vars.u }} {{ title .vars.u }}",
            "ABC É ß Ǆ Ÿ Я abc é i я σ Hello Wörld Foo-Bar A_b ǅx HÉLLO WÖRLD Ǆ ß Héllo Wörld "
            "ǅ ß" },
    { "{{ trim \"  a b \\n\" }}| {{ trimAll \"$\" \"$5$\" }} {{ trimPrefix \"a-\" \"a-b\" }} "
      "{{ trimSuffix \"-b\" \"a-b\" }} {{ trimAll \"ab\" \"abcab\" }}",
            "a b| 5 b a c" },
    { "{{ trunc 3 \"abcdef\" }} {{ trunc -3 \"abcdef\" }} {{ trunc 10 \"abc\" }} {{ trunc -10 "
      "\"abc\" }} {{ trunc 0 \"abc\" }} {{ trunc -3 \"abc\" }}",
            "abc def abc abc  abc" },
    { "{{ substr 0 3 \"abcdef\" }} {{ substr 2 -1 \"abcdef\" }} {{ substr 2 100 \"abcdef\" }} "
      "{{ substr -1 3 \"abcdef\" }}",
            "abc cdef cdef abc" },
    { "{{ replace \"-\" \"\" \"a-b-c\" }} {{ replace \"\" \"x\" \"abé\" }} {{ replace \"a\" "
      "\"bb\" \"aaa\" }}",
            "abc xaxbxéx bbbbbb" },
    { "{{ contains \"b\" \"abc\" }} {{ contains \"\" \"\" }} {{ hasPrefix \"a\" \"abc\" }} {{ "
      "hasSuffix \"c\" \"abc\" }}",
            "true true true true" },
    { "{{ quote \"a\\\"b\" 1 nil }} {{ squote \"a'b\" 1 }} {{ quote }} {{ quote .vars.l }}",
            "\"a\\\"b\" \"1\" 'a'b' '1'  \"[a b c]\"" },
    { "{{ cat \"a\" 1 nil \"b\" }} {{ cat }} {{ cat \" \" \"x\" }}", "a 1 b    x" },
    { "{{ indent 2 \"a\\nb\" }} {{ nindent 2 \"a\\nb\" }}", "  a\n  b \n  a\n  b" },
    { "{{ repeat 3 \"ab\" }} {{ nospace \" a b \" }}", "ababab ab" },
    { "{{ toString 1 }} {{ toString 1.5 }} {{ toString .vars.l }} {{ toString nil }} {{ "
      "toString true }}",
            "1 1.5 [a b c] <nil> true" },
    { "{{ join \"-\" .vars.l }} {{ join \",\" (list 1 nil \"b\" 2.5) }} {{ join \"-\" \"abc\" "
      "}} {{ join \"-\" nil }} {{ .vars.nums | join \"+\" }}",
            "a-b-c 1,b,2.5 abc  1+2.5+-3" },
    { "{{ (split \"-\" \"a-b-c\")._1 }} {{ splitList \"-\" \"a-b-c\" }} {{ splitList \"\" "
      "\"aéb\" }} {{ splitList \"-\" \"\" | len }} {{ splitList \",\" \"a\" }} {{ split \"$\" "
      "\"x$y\" }}",
            "b [a b c] [a é b] 1 [a] map[_0:x _1:y]" },
    { "{{ sortAlpha (list \"b\" \"a\" \"C\") }} {{ list 3 1 | sortAlpha }}", "[C a b] [1 3]" },
    { "{{ first .vars.l }} {{ last .vars.l }} {{ rest .vars.l }} {{ initial .vars.l }} {{ "
      "first (list) }} {{ last (list) }} {{ rest (list) }} {{ reverse .vars.l }}",
            "a c [b c] [a b] <no value> <no value> [] [c b a]" },
    { "{{ append .vars.l \"d\" }} {{ prepend .vars.l \"z\" }} {{ concat .vars.l (list 1 2) }} "
      "{{ uniq (list 1 1 2 \"a\" \"a\") }} {{ has \"a\" .vars.l }} {{ has 4 (list 1 2) }} {{ "
      "without .vars.l \"a\" }} {{ compact (list 0 1 \"\" \"a\" nil) }}",
            "[a b c d] [z a b c] [a b c 1 2] [1 2 a] true false [b c] [1 a]" },
    { "{{ until 5 }} {{ untilStep 0 10 3 }} {{ untilStep 10 0 -4 }} {{ until -3 }} {{ until 0 "
      "}} {{ untilStep 0 10 0 }}",
            "[0 1 2 3 4] [0 3 6 9] [10 6 2] [0 -1 -2] [] []" },
    { "{{ dict \"a\" 1 \"b\" 2 }} {{ (dict \"a\" 1).a }} {{ dict \"x\" }} {{ dict }} {{ dict 1 "
      "2 }}",
            "map[a:1 b:2] 1 map[x:] map[] map[1:2]" },
    { "{{ get .vars.m \"a\" }} {{ get .vars.m \"zz\" }}| {{ hasKey .vars.m \"a\" }} {{ hasKey "
      ".vars.m \"zz\" }} {{ hasKey .vars \"odd-key\" }}",
            "1 | true false true" },
    { "{{ keys (dict \"a\" 1) }} {{ values (dict \"a\" 1) }} {{ keys .vars.m | sortAlpha }}",
            "[a] [1] [a b c]" },
    { "{{ default \"d\" \"\" }} {{ default \"d\" \"x\" }} {{ .vars.missing | default \"d\" }} "
      "{{ default 5 0 }} {{ default \"d\" }} {{ default \"d\" .vars.el }}",
            "d x d 5 d d" },
    { "{{ empty \"\" }} {{ empty 1 }} {{ empty nil }} {{ coalesce \"\" nil 0 \"x\" }} {{ "
      "coalesce \"\" nil }} {{ ternary \"a\" \"b\" true }} {{ true | ternary \"a\" \"b\" }} {{ "
      "ternary 1 2 (eq 1 2) }}",
            "true false true x <no value> a a 2" },
    { "{{ int \"12\" }} {{ int 1.9 }} {{ int \"x\" }} {{ int true }} {{ int nil }} {{ int "
      "\"1.0\" }} {{ int -1.9 }} {{ int64 \"5\" }} {{ float64 \"1.5\" }} {{ int \" 5\" }} {{ "
      "int \"\" }}",
            "12 1 0 1 0 1 -1 5 1.5 0 0" },
    { "{{ add 1 2 3 }} {{ add \"1\" 2.9 }} {{ add }} {{ sub 5 3 }} {{ mul 2 3 4 }} {{ div 7 2 "
      "}} {{ mod 7 3 }} {{ add1 5 }} {{ max 1 5 3 }} {{ min 4 2 8 }} {{ floor 1.9 }} {{ ceil "
      "1.1 }} {{ mod -7 3 }} {{ div -7 2 }} {{ biggest 1 2 }}",
            "6 3 0 2 24 3 1 6 5 2 1 2 -1 -3 2" },
    { "{{ regexMatch \"^[a-z]+$\" \"abc\" }} {{ regexMatch \"^[a-z]+$\" \"aBc\" }} {{ "
      "regexMatch \"b\" \"abc\" }}",
            "true false true" },
    { "{{ kindIs \"string\" \"a\" }} {{ kindOf 1 }} {{ kindOf .vars.l }} {{ kindOf .vars.m }} "
      "{{ kindOf nil }} {{ kindOf 1.5 }} {{ kindOf true }}",
            "true int slice map invalid float64 bool" },
    { "{{ toJson .vars.m }} {{ toJson \"<&>\" }} {{ toRawJson \"<&>\" }} {{ toJson nil }} {{ "
      "toJson .vars.f }} {{ toJson .vars.big }}",
            "{\"a\":1,\"b\":2,\"c\":{\"d\":[\"x\",1,null,true]}} \"\\u003c\\u0026\\u003e\" "
            "\"<&>\" null 1.5 1000000" },
    { "{{ toPrettyJson .vars.m }}",
            "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": {\n    \"d\": [\n      \"x\",\n      1,\n   "
            "   null,\n      true\n    ]\n  }\n}" },
    { "{{ template \"a\" (dict \"k\" .name) }}{{ define \"a\" }}{{ .k }}{{ .none }}{{ end }}",
            "top<no value>" },
    { "{{ regexReplaceAll \"a(x*)b\" \"-ab-axxb-\" \"${1}W\" }} {{ regexReplaceAll "
      "\"[^a-z0-9]+\" \"Foo Bar!baz\" \"-\" }} {{ regexReplaceAll \"x*\" \"abc\" \"-\" }}",
            "-W-xxW- -oo-ar-baz -a-b-c-" },
    { "{{ regexReplaceAll \"(a)(b)?\" \"ab a\" \"[$1|$2]\" }} {{ regexReplaceAll \"a\" \"aaa\" "
      "\"$0$$\" }} {{ regexReplaceAll \"a+?\" \"aaa\" \"b\" }}",
            "[a|b] [a|] a$a$a$ bbb" },
    { "{{ regexReplaceAll \"(\\\\w)(\\\\d+)\" \"a12b3\" \"$2$1\" }} {{ regexReplaceAll "
      "\"(\\\\w)(\\\\d+)\" \"a12b3\" \"${2}${1}_\" }} {{ regexReplaceAll \"(\\\\w)(\\\\d+)\" "
      "\"a12b3\" \"$2_$1\" }}",
            "12a3b 12a_3b_ ab" },
    { "{{ regexReplaceAllLiteral \"b\" \"abc\" \"$0\" }} {{ regexFind \"b.\" \"abcbd\" }} {{ "
      "regexFind \"x\" \"abc\" }}| {{ regexReplaceAll \"b\" \"abc\" \"${\" }}",
            "a$0c bc | a${c" },
};

static void test_sprig(void **state)
{
    (void)state;
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_sprig) };
    return RUN_TEMPLATE_TESTS(tests);
}
