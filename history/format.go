package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// A Format is a way in which histories are written down.
type Format string

// The formats that [Decode] reads.
const (
	JSONLines   Format = "json"         // our own, described in the package's documentation
	JepsenLog   Format = "jepsen-log"   // lines of Jepsen's log about one register: INFO  jepsen.util - 0 :invoke :read nil
	JepsenEDN   Format = "jepsen-edn"   // Jepsen's history.edn: maps, on lines of their own or in one vector
	PorcupineKV Format = "porcupine-kv" // the key-value logs in Porcupine's tests: EDN maps with a :key
)

// Formats returns every format there is.
func Formats() []Format { return []Format{JSONLines, JepsenLog, JepsenEDN, PorcupineKV} }

// A Recording is a history that was written down.
type Recording struct {
	Format  Format
	Model   string // id of the model that it is to be judged by; "" if the recording does not say
	History *History
}

// Decode reads a recording to its end. What it does not understand is a
// [*LineError]: anything cut short, a version that it does not know, a return
// without a call, a client with two operations under way, a value of the wrong
// type. A recording without any operation is an error too: to judge nothing
// would always succeed. Events that are not a client's, such as a nemesis', are
// passed over.
func Decode(r io.Reader, format Format) (*Recording, error) {
	switch format {
	case JSONLines:
		return decodeJSON(r)
	case JepsenLog:
		return decodeJepsenLog(r)
	case JepsenEDN:
		return decodeEDN(r, jepsenEDN)
	case PorcupineKV:
		return decodeEDN(r, porcupineKV)
	default:
		return nil, fmt.Errorf("format %q: want one of %v", format, Formats())
	}
}

// DetectionLength is how many bytes from the beginning of a recording are
// enough for [Detect].
const DetectionLength = 4096

// Detect tells the format of a recording by how it begins.
func Detect(beginning []byte) (Format, error) {
	text := bytes.TrimLeft(beginning, " \t\r\n,")
	switch {
	case len(text) == 0:
		return "", &LineError{1, errors.New("the recording is empty")}
	case isJSONObject(text):
		return JSONLines, nil
	case bytes.ContainsAny(text[:1], "{[(#;"):
		if hasKey(text) {
			return PorcupineKV, nil
		}
		return JepsenEDN, nil
	case bytes.Contains(text, []byte(jepsenLogger)):
		return JepsenLog, nil
	default:
		first, _, _ := bytes.Cut(text, []byte("\n"))
		return "", &LineError{1, fmt.Errorf("%s is the beginning of no format that is known: want one of %v", excerpt(string(first)), Formats())}
	}
}

// isJSONObject reports whether text begins with a brace and then a name in
// quotation marks, or nothing; in EDN a keyword would follow.
func isJSONObject(text []byte) bool {
	inside, brace := bytes.CutPrefix(text, []byte("{"))
	inside = bytes.TrimLeft(inside, " \t\r\n")
	return brace && (len(inside) == 0 || inside[0] == '"' || inside[0] == '}')
}

// hasKey reports whether the first EDN map names a :key.
func hasKey(text []byte) bool {
	firstMap, _, _ := bytes.Cut(text, []byte("}"))
	return bytes.Contains(firstMap, []byte(":key "))
}
