package doctor_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seedbed.example/doctor"
)

func TestLinesReadAsTheyPrint(t *testing.T) {
	text := "PASS\nseedbed-doctor 7 00000000000000ff\nsomething else\nseedbed-doctor 8 0123456789abcdef TestA/a case\n"
	var got []doctor.Line
	if err := doctor.ReadLines(strings.NewReader(text), func(l doctor.Line) { got = append(got, l) }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]doctor.Line{{7, 0xff, ""}, {8, 0x0123456789abcdef, "TestA/a case"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got[0].String() != "seedbed-doctor 7 00000000000000ff" || got[1].String() != "seedbed-doctor 8 0123456789abcdef TestA/a case" {
		t.Errorf("%v, %v", got[0], got[1])
	}
}

func TestALineThatCannotBeReadIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		"\nseedbed-doctor x 00000000000000ff": `line 2: seed "x": want a whole number`,
		"seedbed-doctor 7 ff":                 `line 1: trace hash "ff": want 16 hexadecimal digits`,
		"seedbed-doctor 7":                    `line 1: trace hash "": want 16 hexadecimal digits`,
	} {
		if err := doctor.ReadLines(strings.NewReader(text), func(doctor.Line) {}); err == nil || err.Error() != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzReadLines(f *testing.F) {
	f.Add("seedbed-doctor 7 00000000000000ff TestA\nok\nseedbed-doctor 0 0123456789abcdef")
	f.Add("seedbed-doctor 7 00000000000000ff  TestA \r\r\n")
	f.Add("seedbed-doctor 18446744073709551616 00000000000000ff")
	f.Fuzz(func(t *testing.T, text string) {
		var first, second []doctor.Line
		_ = doctor.ReadLines(strings.NewReader(text), func(l doctor.Line) { first = append(first, l) })
		var printed strings.Builder
		for _, l := range first {
			printed.WriteString(l.String() + "\n")
		}
		if err := doctor.ReadLines(strings.NewReader(printed.String()), func(l doctor.Line) { second = append(second, l) }); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("%q (-read +printed and read again):\n%s", text, diff)
		}
	})
}
