package history

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// jepsenLogger is the logger that Jepsen wrote operations with.
const jepsenLogger = "jepsen.util"

// decodeJepsenLog reads the log of a Jepsen test of one register. A line is
//
//	INFO  jepsen.util - PROCESS TYPE FUNCTION VALUE
//
// with blanks or tabs between. Lines of other loggers, and processes that are
// not numbers, are passed over. A cas that fails names its values if it found
// another one, and that is an answer; what else fails did not happen.
func decodeJepsenLog(r io.Reader) (*Recording, error) {
	rec := newRecorder()
	lines, ended, err := eachLine(r, rec.jepsenLine)
	if err != nil {
		return nil, err
	}
	if !ended {
		return nil, &LineError{lines, errors.New("the last line does not end: the log is cut short")}
	}
	return rec.recording(JepsenLog, "cas-register", lines)
}

func (r *recorder) jepsenLine(text string) error {
	fields := strings.Fields(text)
	if len(fields) < 3 || fields[2] != "-" {
		return fmt.Errorf("%s: want INFO  jepsen.util - PROCESS TYPE FUNCTION VALUE", excerpt(text))
	}
	if fields[1] != jepsenLogger {
		return nil
	}
	fields = fields[3:]
	if len(fields) > 0 && strings.HasPrefix(fields[0], ":") {
		return nil // the nemesis
	}
	if len(fields) < 4 {
		return fmt.Errorf("%s: want a process, a type, a function and a value after the dash", excerpt(text))
	}
	client, err := strconv.Atoi(fields[0])
	if err != nil {
		return fmt.Errorf("process %s: want a number", excerpt(fields[0]))
	}
	f, err := registerFunction(fields[2])
	if err != nil {
		return err
	}
	return r.jepsenLogged(client, fields[1], f, fields[3:])
}

// registerFunction reads a function of a register.
func registerFunction(word string) (Function, error) {
	switch word {
	case ":read":
		return Read, nil
	case ":write":
		return Write, nil
	case ":cas":
		return CAS, nil
	default:
		return 0, fmt.Errorf("function %s: want :read, :write or :cas", excerpt(word))
	}
}

func (r *recorder) jepsenLogged(client int, kind string, f Function, value []string) error {
	if kind != ":invoke" {
		if err := r.returns(client, f); err != nil {
			return err
		}
	}
	switch {
	case kind == ":info":
		return r.end(client, 0, Unknown, Output{})
	case kind == ":fail" && f != CAS:
		return r.end(client, 0, Failed, Output{})
	case kind == ":ok" && f == Read:
		out, err := registerRead(value)
		if err != nil {
			return err
		}
		return r.end(client, 0, OK, out)
	}
	in, err := registerInput(f, value)
	switch {
	case err != nil:
		return err
	case kind == ":invoke":
		return r.invoke(client, 0, in)
	case kind != ":ok" && kind != ":fail":
		return fmt.Errorf("type %s: want :invoke, :ok, :fail or :info", excerpt(kind))
	}
	if err := r.answers(client, in); err != nil {
		return err
	}
	return r.end(client, 0, OK, Output{Applied: f == CAS && kind == ":ok"})
}

func registerInput(f Function, value []string) (Input, error) {
	switch {
	case f == Read && len(value) == 1 && value[0] == "nil":
		return Input{F: Read}, nil
	case f == Write && len(value) == 1:
		if n, ok := number(value[0]); ok {
			return Input{F: Write, Value: n}, nil
		}
	case f == CAS && len(value) == 2:
		old, opened := strings.CutPrefix(value[0], "[")
		value, closed := strings.CutSuffix(value[1], "]")
		old, isNumber := number(old)
		value, areNumbers := number(value)
		if opened && closed && isNumber && areNumbers {
			return Input{F: CAS, Old: old, Value: value}, nil
		}
	}
	return Input{}, fmt.Errorf("value %s of a %v: want nil of a read, a number of a write, [OLD NEW] of a cas", excerpt(strings.Join(value, " ")), f)
}

func registerRead(value []string) (Output, error) {
	if len(value) == 1 && value[0] == "nil" {
		return Output{}, nil
	}
	if n, ok := number(value[0]); ok && len(value) == 1 {
		return Output{Value: n, Found: true}, nil
	}
	return Output{}, fmt.Errorf("value %s that was read: want nil or a number", excerpt(strings.Join(value, " ")))
}

// number reads a whole number, and writes it as one always does.
func number(word string) (string, bool) {
	n, err := strconv.ParseInt(word, 10, 64)
	return strconv.FormatInt(n, 10), err == nil
}
