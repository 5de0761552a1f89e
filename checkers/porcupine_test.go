package checkers

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"seedbed.example/history"
	"seedbed.example/models"
)

// linearizableEtcd is which of Jepsen's logs of etcd, etcd_000.log to
// etcd_102.log, Porcupine's own tests find linearizable. In log 95 the cluster
// did not start, and it is empty.
var linearizableEtcd = []int{2, 5, 7, 18, 25, 31, 38, 45, 48, 49, 51, 53, 56, 67, 75, 76, 80, 87, 92, 98, 100, 101, 102}

// porcupineData returns where the logs of Porcupine's own tests are, which are
// part of its module.
func porcupineData(t *testing.T) string {
	out, err := exec.Command("go", "mod", "download", "-json", "github.com/anishathalye/porcupine").Output()
	if err != nil {
		t.Fatalf("where is Porcupine's source? %v\n%s", err, out)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil || module.Dir == "" {
		t.Fatalf("where is Porcupine's source? %v\n%s", err, out)
	}
	return filepath.Join(module.Dir, "test_data")
}

// judgeFile reads a recording as the command line does.
func judgeFile(t *testing.T, path string, format history.Format) Linearizability {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := history.Detect(text[:min(len(text), history.DetectionLength)]); err != nil || got != format {
		t.Fatalf("%s was detected as %q, %v; want %q", path, got, err, format)
	}
	recording, err := history.Decode(strings.NewReader(string(text)), format)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	model, ok := models.Find(recording.Model)
	if !ok {
		t.Fatalf("%s is to be judged by the model %q", path, recording.Model)
	}
	if err := model.Accepts(recording.History); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return Linearizable(recording.History, model, time.Minute)
}

func TestLogsOfEtcdAreJudgedAsPorcupineJudgesThem(t *testing.T) {
	dir := filepath.Join(porcupineData(t), "jepsen")
	for number := range 103 {
		if number == 95 {
			continue
		}
		name := fmt.Sprintf("etcd_%03d.log", number)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := Violated
			if slices.Contains(linearizableEtcd, number) {
				want = Holds
			}
			result := judgeFile(t, filepath.Join(dir, name), history.JepsenLog)
			if result.Verdict != want {
				t.Errorf("%v, want %v", result, want)
			}
			t.Log(result.Offence)
		})
	}
}

func TestKeyValueLogsAreJudgedAsPorcupineJudgesThem(t *testing.T) {
	for name, want := range map[string]Verdict{
		"c01-ok": Holds, "c10-ok": Holds, "c50-ok": Holds, "c01-bad": Violated, "c10-bad": Violated, "c50-bad": Violated,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := judgeFile(t, filepath.Join(porcupineData(t), "kv", name+".txt"), history.PorcupineKV)
			if result.Verdict != want {
				t.Errorf("%v, want %v", result, want)
			}
			t.Log(result.Offence)
		})
	}
}
