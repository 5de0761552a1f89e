package simtest

import (
	"encoding/binary"
	"flag"
	"path/filepath"
	"testing"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/faults"
)

// Fuzz lets go test -fuzz look for a run of world that breaks a promise, guided
// by coverage. An input is two byte strings: the plan of faults is drawn from
// the first and every other choice from the second, in the order in which they
// are asked. Zeros are benign, and so is what an input is too short for; the
// first eight bytes of the second are a seed for the latencies.
//
// An input that fails is kept by the go command under testdata/fuzz, and runs
// again with every go test. It is then saved as a run, too, like a failure of
// [Run]: which choice has which answer outlives a change of the code that moves
// all bytes.
func Fuzz(f *testing.F, world World) {
	f.Helper()
	p := newProperty(f.Name(), world)
	if !fuzzing() {
		p.rerunSaved(f)
	}
	for _, input := range fuzzInputs() {
		f.Add(input.plan, input.choices)
	}
	f.Fuzz(p.fuzz)
}

// fuzzing reports whether inputs are being made up, as opposed to run again.
func fuzzing() bool {
	asked := flag.Lookup("test.fuzz")
	return asked != nil && asked.Value.String() != ""
}

// rerunSaved runs what earlier failures have left, as far as -run asks for it; a
// fuzz test cannot have sub-tests of its own.
func (p *property) rerunSaved(f *testing.F) {
	f.Helper()
	files, err := saved(p.test)
	if err != nil {
		f.Fatal(err)
	}
	only := chosen(p.test)
	for _, file := range files {
		if name := filepath.Base(file); only == nil || only.MatchString(name) {
			p.rerun(f, file, again(p.test+"/"+name))
		}
	}
}

// A fuzzInput is one run as bytes.
type fuzzInput struct{ plan, choices []byte }

// fuzzInputs is what fuzzing begins with: the benign run, and a few in which
// much goes on.
func fuzzInputs() []fuzzInput {
	inputs := []fuzzInput{{}}
	for seed := range choice.Seed(4) {
		inputs = append(inputs, drawInput(seed))
	}
	return inputs
}

// drawInput draws bytes for a plan and for a number of choices.
func drawInput(seed choice.Seed) fuzzInput {
	var in fuzzInput
	draw := choice.NewStream(seed, "fuzz", "input")
	for range 128 {
		in.plan = append(in.plan, byte(draw.N(256)))
		in.choices = append(in.choices, byte(draw.N(256)))
	}
	return in
}

// fuzz runs the world that bytes lead to.
func (p *property) fuzz(t *testing.T, plan, choices []byte) {
	source := newByteSource(plan, choices)
	result, err := p.scenario.Run(experiment.Config{Source: source})
	switch {
	case err != nil:
		t.Fatal(explained(err))
	case result.Verdict != checkers.Violated:
	case fuzzing(): // the go command will make the input smaller, and keep it
		t.Fatal(told(result))
	default:
		p.explain(t, source.config(result), "this input", again(t.Name()))
	}
}

// planDomain is the domain of the choices that plans are drawn from.
const planDomain = "plan"

// A byteSource is the choices of a world, drawn from bytes.
type byteSource struct {
	*drawn
	seed uint64
}

func newByteSource(plan, choices []byte) *byteSource {
	var head [8]byte
	copy(head[:], choices)
	choices = choices[min(len(head), len(choices)):]
	seed := binary.LittleEndian.Uint64(head[:])
	return &byteSource{seed: seed, drawn: drawnOver(seed, func(topic *choice.Topic, n uint64) uint64 {
		if topic.Domain == planDomain {
			return fromBytes(&plan, n)
		}
		return fromBytes(&choices, n)
	})}
}

// fromBytes takes a byte off, or two if there are more answers than that, and
// spreads what they say over [0, n). It takes 0 when there are none left.
func fromBytes(bytes *[]byte, n uint64) uint64 {
	var word [2]byte
	levels, take := uint64(256), 1
	if n > levels {
		levels, take = 1<<16, 2
	}
	taken := copy(word[:take], *bytes)
	*bytes = (*bytes)[taken:]
	return spread(uint64(binary.LittleEndian.Uint16(word[:])), levels, n)
}

// config is the run that the bytes have led to, without them.
func (s *byteSource) config(r *experiment.Result) experiment.Config {
	config := experiment.Config{Seed: s.seed, Plan: append(faults.Plan{}, r.Plan...)} // nil would be drawn anew
	for _, o := range s.overrides() {
		if o.Domain != planDomain {
			config.Overrides = append(config.Overrides, o)
		}
	}
	if s.seed == 0 {
		config.Choices = "zero"
	}
	return config
}
