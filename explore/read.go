package explore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"seedbed.example/faults"
	"seedbed.example/internal/jsonfile"
	"seedbed.example/sim"
)

// OpenRepro reads a repro file. Its errors name the file and the line.
func OpenRepro(path string) (*Repro, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	repro, err := ReadRepro(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return repro, nil
}

// maxReproBytes bounds what ReadRepro takes in.
const maxReproBytes = 16 << 20

// ReadRepro reads a repro. Its errors name the line.
func ReadRepro(in io.Reader) (*Repro, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxReproBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxReproBytes {
		return nil, fmt.Errorf("the repro is larger than %d bytes", maxReproBytes)
	}
	if err := checkVersion(data); err != nil {
		return nil, err
	}
	var wire struct {
		Repro
		Plan      *json.RawMessage `json:"plan"`      // read by itself, for the sake of its lines
		TraceHash *sim.Hash        `json:"traceHash"` // which may be 0, but not missing
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&wire); err != nil {
		return nil, jsonfile.At(data, decoder.InputOffset(), err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, jsonfile.At(data, decoder.InputOffset(), errors.New("text after the end of the repro"))
	}
	switch {
	case wire.Scenario == "":
		return nil, jsonfile.At(data, 0, errors.New(`there is no "scenario"`))
	case wire.Plan == nil:
		return nil, jsonfile.At(data, 0, errors.New(`there is no "plan": want an array, empty if nothing goes wrong`))
	case wire.TraceHash == nil:
		return nil, jsonfile.At(data, 0, errors.New(`there is no "traceHash"`))
	}
	wire.Repro.TraceHash = *wire.TraceHash
	before := bytes.Index(data, *wire.Plan)
	lines := bytes.Repeat([]byte("\n"), bytes.Count(data[:before], []byte("\n")))
	if wire.Repro.Plan, err = faults.ReadPlan(bytes.NewReader(append(lines, *wire.Plan...))); err != nil {
		return nil, err
	}
	return &wire.Repro, nil
}

// checkVersion reads the version alone, because a newer one may have anything
// else in other ways.
func checkVersion(data []byte) error {
	var head struct {
		Version *int `json:"seedbed-repro"`
	}
	err := json.Unmarshal(data, &head)
	switch {
	case bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")):
		return jsonfile.At(data, 0, errors.New("this is an array, so no repro; a plan of faults is for: seedbed run SCENARIO --faults FILE"))
	case err != nil:
		return jsonfile.At(data, int64(len(data)), err)
	case head.Version == nil:
		return jsonfile.At(data, 0, errors.New(`this is no repro: there is no "seedbed-repro" with its version`))
	case *head.Version > ReproVersion:
		return jsonfile.At(data, 0, fmt.Errorf("the repro is of version %d, and this program reads up to %d: a newer one is needed", *head.Version, ReproVersion))
	case *head.Version < 1:
		return jsonfile.At(data, 0, fmt.Errorf("the repro is of version %d: want 1 to %d", *head.Version, ReproVersion))
	}
	return nil
}
