package compare

import "testing"

func TestCAPTry(t *testing.T) {
	for _, d := range Designs() {
		t.Logf("%+v", CAP(d, 1))
		t.Logf("%+v", PACELC(d, 1))
	}
}
