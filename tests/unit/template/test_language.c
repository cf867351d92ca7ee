/* SPDX-License-Identifier: Apache-2.0 */
/* What templates print, by the words of the language. */
#include "template_fixture.h"

static const struct row rows[] = {
    { "hello", "hello" },
    { "{{.name}}", "top" },
    { "{{- .name -}} x", "topx" },
    { "a {{- .name -}} b", "atopb" },
    { "a {{- /* c */ -}} b", "ab" },
    { "a {{/* c */}} b", "a  b" },
    { "a{{- \"\" }} b {{ \"\" -}} c", "a b c" },
    { "{{ .vars }}", "map[big:1e+06 e21:1e+21 el:[] em:map[] empty: f:1.5 f3:3 ff:0 hex:16 "
                     "huge:18446744073709551615 l:[a b c] m:map[a:1 b:2 c:map[d:[x 1 <nil> "
                     "true]]] mixed:[1 a <nil> map[x:1]] n:5 neg:-3 no:false nul:<nil> nums:[1 "
                     "2.5 -3] odd-key:v q:a\"b\\c\n\t region:us-west-2 stage:Dev t:true "
                     "tenant:data tiny:1e-05 u:héllo wörld ǆ ß zero:0]" },
    { "{{ .vars.m }}|{{ .vars.l }}|{{ .vars.nums }}|{{ .vars.mixed }}",
            "map[a:1 b:2 c:map[d:[x 1 <nil> true]]]|[a b c]|[1 2.5 -3]|[1 a <nil> map[x:1]]" },
    { "{{ .vars.nul }}|{{ .vars.missing }}|{{ .vars.missing.more }}",
            "<no value>|<no value>|<no value>" },
    { "{{ .vars.n }} {{ .vars.neg }} {{ .vars.f }} {{ .vars.big }} {{ .vars.t }} {{ .vars.hex "
      "}} {{ .vars.huge }} {{ .vars.tiny }} {{ .vars.ff }} {{.vars.e21}} {{.vars.f3}}",
            "5 -3 1.5 1e+06 true 16 18446744073709551615 1e-05 0 1e+21 3" },
    { "{{ if eq .vars.n 1 }}1{{ else if eq .vars.n 5 }}5{{ else }}x{{ end }}", "5" },
    { "{{ if eq .vars.n 1 }}1{{ else if eq .vars.n 4 }}5{{ else }}x{{ end }}", "x" },
    { "{{ if false }}1{{ else if false }}2{{ else if true }}3{{ else }}4{{ end }}", "3" },
    { "{{ range .vars.l }}{{ . }},{{ end }}", "a,b,c," },
    { "{{ range $i, $e := .vars.l }}{{ $i }}={{ $e }},{{ end }}", "0=a,1=b,2=c," },
    { "{{ range $e := .vars.l }}{{ $e }},{{ end }}", "a,b,c," },
    { "{{ range $k, $v := .vars.m }}{{ $k }}={{ $v }},{{ end }}",
            "a=1,b=2,c=map[d:[x 1 <nil> true]]," },
    { "{{ range .vars.m }}{{ . }},{{ end }}", "1,2,map[d:[x 1 <nil> true]]," },
    { "{{ range .vars.n }}{{ . }}{{ end }}", "01234" },
    { "{{ range $i := 3 }}{{ $i }}{{ end }}", "012" },
    { "{{ range -1 }}x{{ else }}e{{ end }}", "e" },
    { "{{ range $i, $e := .vars.l }}{{ if eq $i 1 }}{{ break }}{{ end }}{{ $e }}{{ end }}",
            "a" },
    { "{{ range $i, $e := .vars.l }}{{ if eq $i 1 }}{{ continue }}{{ end }}{{ $e }}{{ end }}",
            "ac" },
    { "{{ range $i, $e := .vars.l }}{{ with $e }}{{ if eq $i 1 }}{{ continue }}{{ end }}{{ $e "
      "}}{{ . }}{{ end }}{{ end }}",
            "aacc" },
    { "{{ range .vars.mixed }}{{ . }};{{ end }}", "1;a;<no value>;map[x:1];" },
    { "{{ range .vars.l }}{{ range $.vars.l }}{{ . }}{{ break }}{{ end }}{{ end }}", "aaa" },
    { "{{ $x := 1 }}{{ $x }}{{ $x = 2 }}{{ $x }}", "12" },
    { "{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}", "21" },
    { "{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x }}{{ end }}{{ $x }}", "22" },
    { "{{ $x := 1 }}{{ range .vars.l }}{{ $x = . }}{{ end }}{{ $x }}", "c" },
    { "{{ $i := 0 }}{{ $e := 0 }}{{ range $i, $e = .vars.l }}{{ end }}{{ $i }}{{ $e }}", "2c" },
    { "{{ $e := 0 }}{{ range $e = .vars.l }}{{ end }}{{ $e }}", "c" },
    { "{{ if $x := .vars.n }}{{ $x }}{{ end }}", "5" },
    { "{{ if $x := .vars.zero }}{{ $x }}{{ else }}else {{ $x }}{{ end }}", "else 0" },
    { "{{ with $x := .vars.n }}{{ . }}{{ $x }}{{ end }}", "55" },
    { "{{ with .vars.m }}{{ .a }}{{ $.name }}{{ end }}", "1top" },
    { "{{ with .vars.zero }}{{ . }}{{ else with .vars.n }}{{ . }}!{{ else }}x{{ end }}", "5!" },
    { "{{ with .vars.zero }}{{ . }}{{ else }}{{ .name }}{{ end }}", "top" },
    { "{{ $x := 1 }}{{ $x := $x }}{{ $x }}", "1" },
    { "{{ $x := .vars.nul }}{{ $x }}{{ $x.y }}", "<no value><no value>" },
    { "{{ $x := .vars.m }}{{ $x.a }} {{ $x.c.d }}", "1 [x 1 <nil> true]" },
    { "{{ $.vars.tenant }} {{ $ | len }}", "data 3" },
    { "{{ (.vars.m).a }} {{ (index .vars.m \"c\").d }}", "1 [x 1 <nil> true]" },
    { "{{ (\"a\") }} {{ (1) }} {{ ((1)) }}", "a 1 1" },
    { "{{ true }} {{ false }} {{ 1 }} {{ -1 }} {{ +1 }} {{ 0x1F }} {{ 0o17 }} {{ 017 }} {{ "
      "0b11 }} {{ 1_000 }} {{ 1.5 }} {{ 1e3 }} {{ .5 }} {{ 5. }} {{ 'a' }} {{ '\\n' }} {{ 'é' "
      "}} {{ '\\'' }} {{ 1e-7 }} {{ 123456789.0 }} {{ 100000.0 }} {{ 1e20 }} {{ 1e21 }} "
      "{{1e22}}",
            "true false 1 -1 1 31 15 15 3 1000 1.5 1000 0.5 5 97 10 233 39 1e-07 "
            "1.23456789e+08 100000 1e+20 1e+21 1e+22" },
    { "{{ 9223372036854775807 }} {{ -9223372036854775808 }}",
            "9223372036854775807 -9223372036854775808" },
    { "{{ \"a\\nb\\tc\\\"d\\\\e\\x41\\101\\u00e9\\U0001F600\" }}", "a\nb\tc\"d\\eAAé😀" },
    { "{{ `raw \"x\" \\n` }}", "raw \"x\" \\n" },
    { "{{ `raw\nline` }}", "raw\nline" },
    { "{{ len \"héllo\" }} {{ len .vars.l }} {{ len .vars.m }}", "6 3 3" },
    { "{{ index .vars.l 1 }} {{ index .vars.m \"a\" }} {{ index .vars.m \"c\" \"d\" 0 }} {{ "
      "index .vars \"odd-key\" }} {{ index .vars.m \"zz\" }} {{ index \"abc\" 1 }} {{ index "
      ".vars.l }}",
            "b 1 x v <no value> 98 [a b c]" },
    { "{{ and false (index .vars.l 99) }} {{ or true (index .vars.l 99) }}", "false true" },
    { "{{ 1 | and 2 }} {{ 0 | or 0 }} {{ 3 | and 0 }}", "1 0 0" },
    { "{{ eq 1 1 }} {{ eq \"a\" \"a\" }} {{ eq 1 2 3 1 }} {{ ne 1 2 }} {{ eq true true }} {{ "
      "eq 1.5 1.5 }} {{ eq nil nil }} {{ eq .vars.nul nil }} {{ eq .vars.nul \"x\" }} {{ eq "
      ".vars.huge 1 }}",
            "true true true true true true true true false false" },
    { "{{ eq .vars.l nil }} {{ eq nil .vars.m }}", "false false" },
    { "{{ lt 1 2 }} {{ le 2 2 }} {{ gt 1 2 }} {{ ge 2 1 }} {{ lt \"a\" \"b\" }} {{ lt 1.5 2.5 "
      "}} {{ lt -1 .vars.huge }} {{ gt .vars.huge 1 }}",
            "true true false true true true true true" },
    { "{{ . | len }}", "3" },
    { "{{ .}}", "map[name:top settings:map[context:map[stage:PROD] s:  pad  ] "
                "vars:map[big:1e+06 e21:1e+21 el:[] em:map[] empty: f:1.5 f3:3 ff:0 hex:16 "
                "huge:18446744073709551615 l:[a b c] m:map[a:1 b:2 c:map[d:[x 1 <nil> true]]] "
                "mixed:[1 a <nil> map[x:1]] n:5 neg:-3 no:false nul:<nil> nums:[1 2.5 -3] "
                "odd-key:v q:a\"b\\c\n\t region:us-west-2 stage:Dev t:true tenant:data "
                "tiny:1e-05 u:héllo wörld ǆ ß zero:0]]" },
    { "{{ $ }}", "map[name:top settings:map[context:map[stage:PROD] s:  pad  ] "
                 "vars:map[big:1e+06 e21:1e+21 el:[] em:map[] empty: f:1.5 f3:3 ff:0 hex:16 "
                 "huge:18446744073709551615 l:[a b c] m:map[a:1 b:2 c:map[d:[x 1 <nil> true]]] "
                 "mixed:[1 a <nil> map[x:1]] n:5 neg:-3 no:false nul:<nil> nums:[1 2.5 -3] "
                 "odd-key:v q:a\"b\\c\n\t region:us-west-2 stage:Dev t:true tenant:data "
                 "tiny:1e-05 u:héllo wörld ǆ ß zero:0]]" },
    { "}} x", "}} x" },
    { "{{ define \"a\" }}A{{ . }}{{ end }}{{ template \"a\" 1 }}{{ template \"a\" }}{{ "
      "template \"a\" .name }}",
            "A1A<no value>Atop" },
    { "{{ define \"a\" }}{{ $ }}{{ end }}{{ template \"a\" .name }}", "top" },
    { "{{ if false }}{{ template \"zz\" }}{{ end }}ok", "ok" },
    { "{{ define \"a\" }}1{{ end }}{{ define \"a\" }} {{ end }}{{ template \"a\" }}", "1" },
    { "{{ define \"a\" }} {{ end }}{{ define \"a\" }}2{{ end }}{{ template \"a\" }}", "2" },
    { "{{ block \"b\" .name }}[{{ . }}]{{ end }}{{ template \"b\" 2 }}", "[top][2]" },
    { "{{ if true }}{{ block \"a\" . }}x{{ end }}{{ end }}", "x" },
    { "{{ if and .vars.tenant (ne .vars.region \"x\") }}yes{{ end }}", "yes" },
    { "{{- range $k, $v := .vars.m -}} {{ $k }} {{- end -}}", "abc" },
    { "{{with $x := 1}}{{with $y := 2}}{{$x}}{{$y}}{{end}}{{end}}", "12" },
    { "{{ $a := 1 }}{{ $b := 2 }}{{ with 3 }}{{ $c := . }}{{ $a }}{{ $b }}{{ $c }}{{ end }}{{ "
      "$d := 4 }}{{ $d }}",
            "1234" },
    { "{{ $x := (index .vars.l 0) }}{{ $x }}", "a" },
    { "{{ \"a\" | and true }}", "a" },
    { "{{ if (not (eq .name \"top\")) }}1{{ else }}2{{ end }}", "2" },
    { "{{ if or (eq .name \"x\") (eq .name \"top\") }}1{{ end }}", "1" },
    { "{{define \"a\"}}{{template \"b\" .}}{{end}}{{define \"b\"}}<{{.}}>{{end}}{{template "
      "\"a\" \"x\"}}",
            "<x>" },
    { "{{ \"{{\" }} {{ \"}}\" }}", "{{ }}" },
    { "{{- /* a */}}x", "x" },
    { "x {{- /* a */ -}} y", "xy" },
    { "{{ .héllo }}", "<no value>" },
    { "{{ $é := 1 }}{{ $é }}", "1" },
    { "{{ $x:=1 }}{{$x}}", "1" },
    { "{{$x :=1}}{{$x}}", "1" },
    { "{{if true}}{{else}}{{end}}", "" },
    { "{{if true}}a{{else if true}}b{{else}}c{{end}}d", "ad" },
    { "{{range .vars.l}}{{.}}{{else}}{{end}}{{range .vars.l}}{{continue}}x{{end}}", "abc" },
    { "{{-1}}", "-1" },
    { "{{- 1}}", "1" },
    { "{{1 -}} x", "1x" },
    { "a\n  {{- 1 }}\n b {{ 2 -}} \n\n c", "a1\n b 2c" },
    { "{{range $i,$e:=.vars.l}}\n {{$i}}{{end}}", "\n 0\n 1\n 2" },
    { "\n{{ .name }}\n", "\ntop\n" },
    { "{{\n.name\n}}", "top" },
    { "{{ if true\n}}a{{ end }}", "a" },
    { "a\n{{- 1 -}}\n b", "a1b" },
};

static void test_language(void **state)
{
    (void)state;
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_language) };
    return RUN_TEMPLATE_TESTS(tests);
}
