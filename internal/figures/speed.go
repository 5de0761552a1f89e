package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// A figure is one row of the table: a benchmark, the bare floor beside it if
// there is one, and its budget in the same unit.
type figure struct {
	what, benchmark, floor, unit string
	budget                       float64
	ratio                        float64 // the budget as a ratio to the floor; 0 if it is none
}

// The benchmarks' names are without Benchmark and the number of threads.
var figures = []figure{
	{what: "deliver one message: fate, queue, hash, dispatch", benchmark: "Deliver", floor: "DeliverFloor", unit: "sec/op", budget: 100e-9},
	{what: "queue, pop and push at 100 pending", benchmark: "Queue/100", floor: "Queue/100-floor", unit: "sec/op", ratio: 1.3},
	{what: "queue, pop and push at 100,000 pending", benchmark: "Queue/100000", floor: "Queue/100000-floor", unit: "sec/op", ratio: 1.3},
	{what: "a choice", benchmark: "Choose", floor: "ChooseFloor", unit: "sec/op", budget: 5e-9},
	{what: "switch to a process and back", benchmark: "ProcessSwitch", floor: "ProcessSwitchFloor", unit: "sec/op", budget: 120e-9},
	{what: "disk, write 100 bytes and sync", benchmark: "DiskWriteSync", floor: "DiskWriteSyncFloor", unit: "sec/op"},
	{what: "five-node Raft, idle, a heartbeat each 100 ms: simulated over real time; the floor is etcd's raft in a bare loop", benchmark: "Idle/100ms", floor: "EtcdIdle/100ms", unit: "sim-s/wall-s", budget: 50_000},
	{what: "the same, a heartbeat each 50 ms", benchmark: "Idle/50ms", floor: "EtcdIdle/50ms", unit: "sim-s/wall-s"},
	{what: "the same with 100 commits a second", benchmark: "HundredCommitsPerSecond", floor: "EtcdHundredCommitsPerSecond", unit: "sim-s/wall-s", budget: 3_000},
	{what: "a whole `raft` run, one worker", benchmark: "Hunt/1-worker", unit: "runs/s"},
	{what: "a whole `raft` run, all cores", benchmark: "Hunt/all-cores", unit: "runs/s", budget: 1000.0 / 3},
}

// speed runs the benchmarks and makes the table of their medians.
func speed(ctx context.Context, count int) (string, error) {
	ours, err := benchmarks(ctx, ".", count,
		"^Benchmark(Deliver|DeliverFloor|Queue|Choose|ChooseFloor|ProcessSwitch|ProcessSwitchFloor|DiskWriteSync|DiskWriteSyncFloor|Idle|HundredCommitsPerSecond|Hunt)$",
		"./choice", "./sim", "./storage", "./protocols/raft", "./explore")
	if err != nil {
		return "", err
	}
	floors, err := benchmarks(ctx, "internal/floors", count, ".", ".")
	if err != nil {
		return "", err
	}
	measured, err := medians(append(ours, floors...))
	if err != nil {
		return "", err
	}
	rows := table{{"what", "measured", "floor", "ratio", "budget"}}
	for _, f := range figures {
		row, err := f.row(measured)
		if err != nil {
			return "", err
		}
		rows = append(rows, row)
	}
	one, all := measured[key{"Hunt/1-worker", "runs/s"}], measured[key{"Hunt/all-cores", "runs/s"}]
	rows = append(rows, []string{"what the other cores are worth to a hunt", fmt.Sprintf("%.2f times one", all/one), "", "", "1.8 on two cores"})
	rows = append(rows, []string{"allocations of the engine for each message", fmt.Sprintf("%.0f", measured[key{"Deliver", "allocs/op"}]), "", "", "0"})
	return rows.String(), nil
}

// benchmarks runs those of some packages, one after the other, in the module of
// that directory.
func benchmarks(ctx context.Context, module string, count int, which string, packages ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, "go", append([]string{"test", "-run", "^$", "-bench", which, "-count", fmt.Sprint(count), "-p", "1"}, packages...)...)
	command.Dir, command.Stderr = module, os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	return out, nil
}

type key struct{ benchmark, unit string }

// medians reads what go test prints.
func medians(out []byte) (map[key]float64, error) {
	values := make(map[key][]float64)
	reader := benchfmt.NewReader(bytes.NewReader(out), "go test")
	for reader.Scan() {
		result, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		name := result.Name.Full()
		name = append([]byte(nil), name...)
		if i := bytes.LastIndexByte(name, '-'); i >= 0 && len(bytes.Trim(name[i+1:], "0123456789")) == 0 {
			name = name[:i] // the number of threads
		}
		for _, v := range result.Values {
			k := key{string(name), v.Unit}
			values[k] = append(values[k], v.Value)
		}
	}
	if err := reader.Err(); err != nil {
		return nil, err
	}
	medians := make(map[key]float64)
	for k, all := range values {
		slices.Sort(all)
		medians[k] = all[len(all)/2]
	}
	return medians, nil
}

func (f figure) row(measured map[key]float64) ([]string, error) {
	value, ok := measured[key{f.benchmark, f.unit}]
	if !ok {
		return nil, fmt.Errorf("no benchmark printed %s in %s", f.benchmark, f.unit)
	}
	row := []string{f.what, f.format(value), "", "", ""}
	if f.floor != "" {
		floor, ok := measured[key{f.floor, f.unit}]
		if !ok {
			return nil, fmt.Errorf("no benchmark printed %s in %s", f.floor, f.unit)
		}
		row[2], row[3] = f.format(floor), fmt.Sprintf("%.2f", value/floor)
	}
	switch {
	case f.budget > 0:
		row[4] = f.format(f.budget)
	case f.ratio > 0:
		row[4] = fmt.Sprintf("%.1f times the floor", f.ratio)
	}
	return row, nil
}

func (f figure) format(value float64) string {
	switch {
	case f.unit != "sec/op":
		return fmt.Sprintf("%.0f %s", value, strings.ReplaceAll(f.unit, "sim-s/wall-s", "s/s"))
	case value < 1e-8:
		return fmt.Sprintf("%.1f ns", value*1e9)
	default:
		return fmt.Sprintf("%.0f ns", value*1e9)
	}
}
