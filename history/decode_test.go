package history

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	etcdLog = "INFO  jepsen.util - 0\t:invoke\t:read\tnil\n" +
		"INFO  jepsen.util - 3   :invoke :cas    [3 0]\n" +
		"INFO  jepsen.core - starting the nemesis\n" +
		"INFO  jepsen.util - :nemesis\t:info\t:start\t\"Cut off {:n1 #{:n2}}\"\n" +
		"INFO  jepsen.util - 0\t:ok\t:read\tnil\n" +
		"INFO  jepsen.util - 3\t:fail\t:cas\t[3 0]\n" +
		"INFO  jepsen.util - 3\t:invoke\t:cas\t[3 1]\n" +
		"INFO  jepsen.util - 0\t:invoke\t:write\t4\n" +
		"INFO  jepsen.util - 0\t:info\t:write\t:timed-out\n" +
		"INFO  jepsen.util - 5\t:invoke\t:read\tnil\n" +
		"INFO  jepsen.util - 3\t:ok\t:cas\t[3 1]\n" +
		"INFO  jepsen.util - 5\t:fail\t:read\t:timed-out\n" +
		"INFO  jepsen.util - 5\t:invoke\t:read\tnil\n"

	kvLog = `{:process 9, :type :invoke, :f :append, :key "0", :value "x 9 0 y"}
{:process 1, :type :invoke, :f :get, :key "0", :value nil}
{:process 2, :type :invoke, :f :put, :key "1", :value "z"}
{:process 1, :type :ok, :f :get, :key "0", :value ""}
{:process 9, :type :ok, :f :append, :key "0", :value "x 9 0 y"}
{:process 1, :type :invoke, :f :get, :key "0", :value nil}
{:process 1, :type :ok, :f :get, :key "0", :value "x 9 0 y"}
`
	plainEDN = `; a history
{:index 0, :time 100, :type :invoke, :process 0, :f :write, :value 1}
#jepsen.history.Op{:index 1, :time 200, :type :invoke, :process 1, :f :read, :value nil}
{:index 2, :time 250, :type :info, :process :nemesis, :f :start, :value {:n1 #{"n2"}}}
#_ {:left :out} {:index 3, :time 300, :type :ok, :process 1, :f :read, :value 1}
{:index 4, :time 300, :type :info, :process 0, :f :write, :value 1, :error [:timeout "\"\u0041"]}
{:index 5, :time 400, :type :invoke, :process 1, :f :cas, :value [1 :two]}
{:index 6, :time 500, :type :fail, :process 1, :f :cas, :value [1 :two]}
`
	keyedEDN = `[{:process 0, :type :invoke, :f :cas, :value [:x [1 2]]} {:process 1, :type :invoke, :f :read, :value ["y" nil]}
	{:process 0, :type :ok, :f :cas, :value [:x [1 2]]},
	{:process 1, :type :ok, :f :read, :value ["y" 3]}]
`
	ownLines = `{"seedbed-history":1,"model":"kv","events":5}
{"client":2,"at":5,"event":"invoke","f":"cas","key":"x","old":"","value":"2"}
{"client":1,"at":5,"event":"invoke","f":"read"}

{"client":2,"at":6,"event":"ok","applied":false}
{"client":1,"at":7,"event":"ok","found":true,"value":""}
{"client":1,"at":7,"event":"invoke","f":"delete","key":"x"}
`
	bankLines = `{"seedbed-history":1,"model":"bank"}
{"client":1,"at":5,"event":"invoke","f":"transfer","from":"a","to":"b","amount":-3}
{"client":1,"at":6,"event":"ok","applied":true}
{"client":2,"at":6,"event":"invoke","f":"dequeue","key":"jobs"}
{"client":2,"at":7,"event":"ok","found":true,"value":"j"}
`
)

func TestEveryFormatReadsAsItsEventsMean(t *testing.T) {
	read := func(value string) Output { return Output{Value: value, Found: true} }
	for _, test := range []struct {
		name, text string
		format     Format
		model      string
		want       []Operation
	}{
		{"a log of Jepsen", etcdLog, JepsenLog, "cas-register", []Operation{
			{Client: 0, Input: Input{F: Read}, Output: Output{}, Outcome: OK, Invoked: 1, Returned: 3},
			{Client: 3, Input: Input{F: CAS, Old: "3", Value: "0"}, Output: Output{}, Outcome: OK, Invoked: 2, Returned: 4},
			{Client: 3, Input: Input{F: CAS, Old: "3", Value: "1"}, Output: Output{Applied: true}, Outcome: OK, Invoked: 5, Returned: 9},
			{Client: 0, Input: Input{F: Write, Value: "4"}, Outcome: Unknown, Invoked: 6, Returned: 7},
			{Client: 5, Input: Input{F: Read}, Outcome: Failed, Invoked: 8, Returned: 10},
			{Client: 5, Input: Input{F: Read}, Outcome: Unknown, Invoked: 11},
		}},
		{"a key-value log", kvLog, PorcupineKV, "kv", []Operation{
			{Client: 9, Input: Input{F: Append, Key: "0", Value: "x 9 0 y"}, Output: Output{}, Outcome: OK, Invoked: 1, Returned: 5},
			{Client: 1, Input: Input{F: Read, Key: "0"}, Output: Output{}, Outcome: OK, Invoked: 2, Returned: 4},
			{Client: 2, Input: Input{F: Write, Key: "1", Value: "z"}, Outcome: Unknown, Invoked: 3},
			{Client: 1, Input: Input{F: Read, Key: "0"}, Output: read("x 9 0 y"), Outcome: OK, Invoked: 6, Returned: 7},
		}},
		{"maps of one register", plainEDN, JepsenEDN, "cas-register", []Operation{
			{Client: 0, Input: Input{F: Write, Value: "1"}, Outcome: Unknown, Call: 100, Return: 300, Invoked: 1, Returned: 4},
			{Client: 1, Input: Input{F: Read}, Output: read("1"), Outcome: OK, Call: 200, Return: 300, Invoked: 2, Returned: 3},
			{Client: 1, Input: Input{F: CAS, Old: "1", Value: ":two"}, Outcome: Failed, Call: 400, Return: 500, Invoked: 5, Returned: 6},
		}},
		{"a vector of many registers", keyedEDN, JepsenEDN, "cas-register", []Operation{
			{Client: 0, Input: Input{F: CAS, Key: ":x", Old: "1", Value: "2"}, Output: Output{Applied: true}, Outcome: OK, Invoked: 1, Returned: 3},
			{Client: 1, Input: Input{F: Read, Key: `"y"`}, Output: read("3"), Outcome: OK, Invoked: 2, Returned: 4},
		}},
		{"lines of our own", ownLines, JSONLines, "kv", []Operation{
			{Client: 2, Input: Input{F: CAS, Key: "x", Value: "2"}, Output: Output{}, Outcome: OK, Call: 5, Return: 6, Invoked: 1, Returned: 3},
			{Client: 1, Input: Input{F: Read}, Output: read(""), Outcome: OK, Call: 5, Return: 7, Invoked: 2, Returned: 4},
			{Client: 1, Input: Input{F: Delete, Key: "x"}, Outcome: Unknown, Call: 7, Invoked: 5},
		}},
		{"lines of a bank and a queue", bankLines, JSONLines, "bank", []Operation{
			{Client: 1, Input: Input{F: Transfer, From: "a", To: "b", Amount: -3}, Output: Output{Applied: true}, Outcome: OK, Call: 5, Return: 6, Invoked: 1, Returned: 2},
			{Client: 2, Input: Input{F: Dequeue, Key: "jobs"}, Output: read("j"), Outcome: OK, Call: 6, Return: 7, Invoked: 3, Returned: 4},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, text := range []string{test.text, strings.ReplaceAll(test.text, "\n", "\r\n")} {
				format, err := Detect([]byte(text))
				if err != nil || format != test.format {
					t.Fatalf("detected as %q, %v; want %q", format, err, test.format)
				}
				recording, err := Decode(strings.NewReader(text), format)
				if err != nil {
					t.Fatal(err)
				}
				if recording.Format != test.format || recording.Model != test.model {
					t.Errorf("recording of format %q for model %q; want %q, %q", recording.Format, recording.Model, test.format, test.model)
				}
				if diff := cmp.Diff(test.want, recording.History.Operations()); diff != "" {
					t.Errorf("operations (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// A refusal is a recording that is refused, with the line in which it goes
// wrong and words that help.
type refusal struct {
	name   string
	format Format
	text   string
	line   int
	says   string
}

func refusals() []refusal {
	const header = `{"seedbed-history":1}` + "\n"
	log := func(lines ...string) string {
		return "INFO  jepsen.util - " + strings.Join(lines, "\nINFO  jepsen.util - ") + "\n"
	}
	long := strings.Repeat("x", MaxLine+1)
	return []refusal{
		{"json: empty", JSONLines, "", 1, "empty"},
		{"json: no header", JSONLines, `{"client":1}`, 1, `want a header such as {"seedbed-history":1`},
		{"json: newer version", JSONLines, `{"seedbed-history":2,"shiny":[]}`, 1, "version 2 is newer than this program, which knows up to 1"},
		{"json: version 0", JSONLines, `{"seedbed-history":0}`, 1, "no version 0"},
		{"json: version in words", JSONLines, `{"seedbed-history":"one"}`, 1, `field "seedbed-history" is a string: want a whole number`},
		{"json: unknown header field", JSONLines, `{"seedbed-history":1,"shiny":2}`, 1, `unknown field "shiny"`},
		{"json: header not an object", JSONLines, `[]`, 1, "want a JSON object, not this: array"},
		{"json: not JSON", JSONLines, header + "hello\n", 2, "invalid character 'h'"},
		{"json: cut in a line", JSONLines, header + `{"client":1,"at":5,"ev`, 2, "cut short"},
		{"json: two objects", JSONLines, header + `{"client":1,"at":5,"event":"ok"} {}`, 2, `after it there is "{}"`},
		{"json: unknown field", JSONLines, header + `{"client":1,"time":5}`, 2, `unknown field "time"`},
		{"json: wrong type", JSONLines, header + `{"client":1.5}`, 2, `field "client" is a number 1.5: want a whole number`},
		{"json: no client", JSONLines, header + `{"at":1,"event":"ok"}`, 2, "want the fields client, at and event"},
		{"json: back in time", JSONLines, header + "\n" + `{"client":1,"at":5,"event":"invoke","f":"read"}` + "\n" + `{"client":1,"at":4,"event":"ok","found":false}`, 4, "at 4 after 5: times begin at 0 and never decrease"},
		{"json: unknown function", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"frob"}`, 2, `f "frob": want read, write, append, cas, delete, propose, enqueue, dequeue, add, deposit or transfer`},
		{"json: no function", JSONLines, header + `{"client":1,"at":5,"event":"invoke"}`, 2, `an invoke with f ""`},
		{"json: read with a value", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"read","value":"1"}`, 2, "the invoke of a read with value: want only client, at, event, f"},
		{"json: cas without old", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"cas","value":"1"}`, 2, "the invoke of a cas without old"},
		{"json: unknown event", JSONLines, header + `{"client":1,"at":5,"event":"maybe"}`, 2, `event "maybe": want invoke, ok, fail or unknown`},
		{"json: return without call", JSONLines, header + `{"client":1,"at":5,"event":"ok"}`, 2, "nothing under way"},
		{"json: two calls open", JSONLines, header + strings.Repeat(`{"client":1,"at":5,"event":"invoke","f":"read"}`+"\n", 2), 3, `client 1 calls read, and its read has not returned`},
		{"json: read ok without found", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"read"}` + "\n" + `{"client":1,"at":5,"event":"ok"}`, 3, "without found"},
		{"json: cas ok without applied", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"cas","old":"1","value":"2"}` + "\n" + `{"client":1,"at":5,"event":"ok"}`, 3, "without applied"},
		{"json: fewer events than said", JSONLines, `{"seedbed-history":1,"events":2}` + "\n" + `{"client":1,"at":5,"event":"invoke","f":"read"}`, 2, "ends after 1 events, and its header says 2: it is cut short"},
		{"json: version of enormous size", JSONLines, `{"seedbed-history":99999999999999999999}`, 1, "is a number 99999999999999999999: want a whole number"},
		{"json: binary", JSONLines, "\x89PNG\r\n\x1a\n\x00\x00", 1, "not text in UTF-8"},
		{"json: a header and then binary", JSONLines, header + "\xff\xfe\x00", 2, "not text in UTF-8"},
		{"json: a field twice", JSONLines, header + `{"client":1,"at":5,"event":"ok","event":"fail"}`, 2, `two fields "event"`},
		{"json: a field in capitals", JSONLines, header + `{"Client":1,"at":5,"event":"invoke","f":"read"}`, 2, `unknown field "Client"`},
		{"json: a field that is null", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"read","key":null}`, 2, `field "key" is null`},
		{"json: a header field in an event", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"read","model":"kv"}`, 2, `unknown field "model"`},
		{"json: half of a surrogate pair", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"write","value":"\ud800"}`, 2, "is not UTF-8"},
		{"json: before time began", JSONLines, header + `{"client":1,"at":-1,"event":"invoke","f":"read"}`, 2, "at -1 after 0: times begin at 0"},
		{"json: enormous client", JSONLines, header + `{"client":99999999999999999999,"at":1,"event":"ok"}`, 2, `field "client" is a number 99999999999999999999`},
		{"json: enormous time", JSONLines, header + `{"client":1,"at":1e30,"event":"ok"}`, 2, `field "at" is a number 1e30: want a whole number`},
		{"json: nothing was found, and here it is", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"read"}` + "\n" + `{"client":1,"at":5,"event":"ok","found":false,"value":"1"}`, 3, "the ok of a read with value"},
		{"json: something was found, and nothing is here", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"read"}` + "\n" + `{"client":1,"at":5,"event":"ok","found":true}`, 3, "the ok of a read without value"},
		{"json: write ok with found", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"write","value":"1"}` + "\n" + `{"client":1,"at":5,"event":"ok","found":true}`, 3, "the ok of a write with found"},
		{"json: unknown with a value", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"read"}` + "\n" + `{"client":1,"at":5,"event":"unknown","found":true,"value":"1"}`, 3, "the unknown of a read with found"},
		{"json: return with a key", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"delete","key":"x"}` + "\n" + `{"client":1,"at":5,"event":"ok","key":"x"}`, 3, "the ok of a delete with key"},
		{"json: transfer without whom", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"transfer","from":"a","amount":1}`, 2, "the invoke of a transfer without to"},
		{"json: half of an amount", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"add","amount":1.5}`, 2, `field "amount" is a number 1.5: want a whole number`},
		{"json: write of an amount", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"write","value":"1","amount":1}`, 2, "the invoke of a write with amount"},
		{"json: propose ok without found", JSONLines, header + `{"client":1,"at":5,"event":"invoke","f":"propose","value":"1"}` + "\n" + `{"client":1,"at":5,"event":"ok"}`, 3, "the ok of a propose without found"},
		{"json: a line too long", JSONLines, header + long, 2, "longer than 1048576 bytes"},

		{"log: not a log", JepsenLog, "hello world\n", 1, "want INFO  jepsen.util - PROCESS TYPE FUNCTION VALUE"},
		{"log: cut in a number", JepsenLog, strings.TrimSuffix(log("0 :invoke :write 1"), "\n"), 1, "cut short"},
		{"log: cut in a line", JepsenLog, log("0 :invoke :write 1", "0 :ok"), 2, "want a process, a type, a function and a value"},
		{"log: process not a number", JepsenLog, log("x :invoke :read nil"), 1, `process "x": want a number`},
		{"log: unknown function", JepsenLog, log("0 :invoke :frob nil"), 1, `function ":frob": want :read, :write or :cas`},
		{"log: unknown type", JepsenLog, log("0 :invoke :read nil", "0 :maybe :read nil"), 2, `type ":maybe": want :invoke`},
		{"log: write of nothing", JepsenLog, log("0 :invoke :write nil"), 1, `value "nil" of a write`},
		{"log: cas of one value", JepsenLog, log("0 :invoke :cas [1]"), 1, `value "[1]" of a cas`},
		{"log: words were read", JepsenLog, log("0 :invoke :read nil", "0 :ok :read one"), 2, `value "one" that was read: want nil or a number`},
		{"log: return without call", JepsenLog, log("0 :ok :read nil"), 1, "nothing under way"},
		{"log: return of something else", JepsenLog, log("0 :invoke :read nil", "", "0 :ok :write 1"), 2, "want a process"},
		{"log: another function returns", JepsenLog, log("0 :invoke :read nil", "0 :ok :write 1"), 2, `client 0 returns from a write, and what it has under way is read`},
		{"log: two calls open", JepsenLog, log("0 :invoke :read nil", "0 :invoke :write 1"), 2, `client 0 calls write "1", and its read has not returned`},
		{"log: another value returns", JepsenLog, log("0 :invoke :write 1", "0 :ok :write 2"), 2, `client 0 returns from write "2", and what it has under way is write "1"`},
		{"log: another cas is refused", JepsenLog, log("0 :invoke :cas [1 2]", "0 :fail :cas [1 3]"), 2, `returns from cas "1" to "3", and what it has under way is cas "1" to "2"`},
		{"log: read of something", JepsenLog, log("0 :invoke :read 1"), 1, `value "1" of a read: want nil`},
		{"log: enormous process", JepsenLog, log("99999999999999999999 :invoke :read nil"), 1, `process "99999999999999999999": want a number`},
		{"log: enormous value", JepsenLog, log("0 :invoke :write 99999999999999999999"), 1, `value "99999999999999999999" of a write`},
		{"log: binary", JepsenLog, "\x7fELF\x02\x01\xff\n", 1, "not text in UTF-8"},
		{"log: a line too long", JepsenLog, log("0 :invoke :read nil", long), 2, "longer than"},

		{"edn: not a map", JepsenEDN, "12", 1, `"12": want a map`},
		{"edn: cut in a map", JepsenEDN, "{:process 0\n:type :in", 2, `the recording ends before the '}' that closes line 1: it is cut short`},
		{"edn: cut in a text", JepsenEDN, "{:process 0\n:type \"in", 2, "the recording ends within a text"},
		{"edn: cut in a vector", JepsenEDN, "[{:process 0, :type :invoke, :f :read}\n", 2, `ends before the ']' that closes it`},
		{"edn: cut after a tag", JepsenEDN, "#jepsen.history.Op ", 1, "the recording ends within a value with a tag"},
		{"edn: cut after a discard", JepsenEDN, "\n#_ ", 2, "what #_ leaves out"},
		{"edn: more after the vector", JepsenEDN, "[{:process 0, :type :invoke, :f :read}]\n{}", 2, `'{' after the recording was closed`},
		{"edn: closes nothing", JepsenEDN, "\n\n}", 3, `'}' closes nothing`},
		{"edn: an odd map", JepsenEDN, "{:process 0 :type}", 1, "one is missing"},
		{"edn: too deep", JepsenEDN, strings.Repeat("[", 100), 1, "more than 64 deep"},
		{"edn: bad escape", JepsenEDN, `{:process "\q"}`, 1, `\q in a text`},
		{"edn: bad unicode", JepsenEDN, `{:process "\u12zz"}`, 1, `four hexadecimal digits`},
		{"edn: a text too long", JepsenEDN, `{:process "` + long + `"}`, 1, "a value is longer than"},
		{"edn: a word too long", JepsenEDN, `{:process ` + long + `}`, 1, "a value is longer than"},
		{"edn: no process", JepsenEDN, `{:type :invoke, :f :read, :value nil}`, 1, ":process"},
		{"edn: process of the wrong type", JepsenEDN, `{:process "0", :type :invoke, :f :read, :value nil}`, 1, `:process "\"0\"": want a number`},
		{"edn: time of the wrong type", JepsenEDN, `{:process 0, :type :invoke, :f :read, :value nil, :time 1.5}`, 1, `:time "1.5": want whole nanoseconds`},
		{"edn: unknown type", JepsenEDN, `{:process 0, :type :maybe, :f :read}`, 1, `:type ":maybe"`},
		{"edn: unknown function", JepsenEDN, `{:process 0, :type :invoke, :f :txn, :value []}`, 1, `function ":txn": want :read, :write or :cas`},
		{"edn: write of nothing", JepsenEDN, `{:process 0, :type :invoke, :f :write}`, 1, `value "nil": want a number, a string or a keyword`},
		{"edn: write of a map", JepsenEDN, `{:process 0, :type :invoke, :f :write :value {1 2}}`, 1, `value "{1 2}"`},
		{"edn: cas of a number", JepsenEDN, `{:process 0, :type :invoke, :f :cas :value 1}`, 1, `want [OLD NEW]`},
		{"edn: a vector was read", JepsenEDN, "{:process 0, :type :invoke, :f :read :value nil}\n{:process 0, :type :ok, :f :read :value [1 2 3]}", 2, `value "[1 2 3]"`},
		{"edn: return without call", JepsenEDN, `{:process 0, :type :ok, :f :read, :value nil}`, 1, "nothing under way"},
		{"edn: another key returns", JepsenEDN, "{:process 0, :type :invoke, :f :read :value [1 nil]}\n{:process 0, :type :ok, :f :read :value [2 7]}", 2, `returns from read 2, and what it has under way is read 1`},
		{"edn: another value returns", JepsenEDN, "{:process 0, :type :invoke, :f :write :value 1}\n{:process 0, :type :ok, :f :write :value 2}", 2, `returns from write "2", and what it has under way is write "1"`},
		{"edn: read of something", JepsenEDN, "{:process 0, :type :invoke, :f :read :value 1}", 1, `:value "1" of a read: want nil`},
		{"edn: type in quotation marks", JepsenEDN, `{:process 0, :type ":invoke", :f :read}`, 1, `:type "\":invoke\"": want :invoke`},
		{"edn: no type", JepsenEDN, `{:process 0, :f :read}`, 1, `:type "nil"`},
		{"edn: a field twice", JepsenEDN, `{:process 0, :type :invoke, :f :read, :type :ok}`, 1, `two values of ":type"`},
		{"edn: enormous process", JepsenEDN, `{:process 99999999999999999999, :type :invoke, :f :read}`, 1, `:process "99999999999999999999": want a number`},
		{"edn: enormous time", JepsenEDN, `{:process 0, :type :invoke, :f :read, :time 99999999999999999999}`, 1, `:time "99999999999999999999": want whole nanoseconds`},
		{"edn: not a number", JepsenEDN, `{:process 0, :type :invoke, :f :write, :value 12ab}`, 1, `"12ab" is not a number`},
		{"edn: nothing after two hash signs", JepsenEDN, `{:process ## }`, 1, "nothing follows ##"},
		{"edn: a regular expression", JepsenEDN, `{:process #"x" }`, 1, "want a name after the hash sign"},
		{"edn: cut after a hash sign", JepsenEDN, `{:process #`, 1, "the recording ends within a value with a tag"},
		{"edn: half of a surrogate pair", JepsenEDN, `{:process "\ud83dx"}`, 1, "half of a pair of surrogates"},
		{"edn: deep in what is left out", JepsenEDN, strings.Repeat("#_", 1<<20), 1, "more than 64 deep"},
		{"edn: deep in tags", JepsenEDN, strings.Repeat("#a ", 1<<20), 1, "more than 64 deep"},
		{"edn: a map too long", JepsenEDN, "{" + strings.Repeat("1 ", MaxLine), 1, "a value is longer than"},
		{"edn: binary", JepsenEDN, "\x00\xff\x00\xff", 1, "want a map"},
		{"edn: two calls open", JepsenEDN, "[{:process 0, :type :invoke, :f :read}\n{:process 0, :type :invoke, :f :read}]", 2, `has not returned`},

		{"kv: no key", PorcupineKV, `{:process 0, :type :invoke, :f :get}`, 1, "no :key"},
		{"kv: key of the wrong type", PorcupineKV, `{:process 0, :type :invoke, :f :get, :key 1}`, 1, "no :key that is a string"},
		{"kv: unknown function", PorcupineKV, `{:process 0, :type :invoke, :f :read, :key "1"}`, 1, `want :get, :put or :append`},
		{"kv: put of nothing", PorcupineKV, `{:process 0, :type :invoke, :f :put, :key "1", :value ""}`, 1, "not empty"},
		{"kv: a number was read", PorcupineKV, "{:process 0, :type :invoke, :f :get, :key \"1\"}\n{:process 0, :type :ok, :f :get, :key \"1\", :value 3}", 2, `:value "3" that was read: want a string`},
		{"kv: another key returns", PorcupineKV, "{:process 0, :type :invoke, :f :get, :key \"1\"}\n{:process 0, :type :ok, :f :get, :key \"2\", :value \"\"}", 2, `returns from read 2, and what it has under way is read 1`},
		{"kv: get of something", PorcupineKV, `{:process 0, :type :invoke, :f :get, :key "1", :value "x"}`, 1, "of a read: want nil"},
		{"kv: another value returns", PorcupineKV, "{:process 0, :type :invoke, :f :put, :key \"1\", :value \"a\"}\n{:process 0, :type :ok, :f :put, :key \"1\", :value \"b\"}", 2, `returns from write 1 "b"`},
		{"kv: cut in a line", PorcupineKV, `{:process 0, :type :invoke, :f :get, :key "1`, 1, "cut short"},
	}
}

func TestWhatCannotBeIsRefusedWithItsLine(t *testing.T) {
	for _, test := range refusals() {
		t.Run(test.name, func(t *testing.T) {
			recording, err := Decode(strings.NewReader(test.text), test.format)
			var at *LineError
			if !errors.As(err, &at) {
				t.Fatalf("got %v, %v; want an error with a line", recording, err)
			}
			if at.Line != test.line || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %q; want line %d and %q", err, test.line, test.says)
			}
		})
	}
}

func TestARecordingWithoutOperationsIsRefused(t *testing.T) {
	for format, texts := range map[Format][]string{
		JSONLines:   {"", "\n", `{"seedbed-history":1}`},
		JepsenLog:   {"", "INFO jepsen.core - hello\n", "INFO  jepsen.util - :nemesis :info :start nil\n"},
		JepsenEDN:   {"", "[]", "()", "; nothing\n", "{:process :nemesis, :type :info, :f :start}"},
		PorcupineKV: {"", "\n,\n"},
	} {
		for _, text := range texts {
			recording, err := Decode(strings.NewReader(text), format)
			var at *LineError
			if !errors.As(err, &at) || at.Line < 1 {
				t.Errorf("%s %q: got %v, %v; want an error with a line", format, text, recording, err)
			}
		}
	}
}

// What real histories have that says nothing of the operations themselves is
// passed over, and values keep their kinds.
func TestAnEDNHistoryMayHoldMuchThatDoesNotMatter(t *testing.T) {
	text := `; recorded on a Tuesday
#jepsen.history.Op {:index 0, :time 1, :type :invoke, :process 0, :f :write, :value "1"}
{:index 1 :time 2 :type :invoke :process 1 :f :write :value 1N}
{:index 2, :time 3, :type :info, :process :nemesis, :f :kill, :value #{"n1" "n2"}, :clock-offsets {"n1" 0.25, "n2" -1.5E-3M}}
{:process 0, :type :info, :f :write, :value "1", :error {:via [#error {:cause "\"{"} ##NaN #inst "2024-01-01"], \{ (a b #_ c), nil [\newline +]}}
{:process 1, :type :ok, :f :write, :value 1, :extra #:jepsen{:a 1/2}}, {:process 2, :type :invoke, :f :read, :value nil, :op [1 2]}
{:process 2, :type :ok, :f :read, :value "\ud83c\udf31\u00e9\t"}
{:process 3, :type :invoke, :f :read} {:process 3, :type :fail, :f :read, :value [:not "what" {:it :was}], :error :timeout}
`
	want := []Operation{
		{Client: 0, Input: Input{F: Write, Value: `"1"`}, Outcome: Unknown, Call: 1, Invoked: 1, Returned: 3},
		{Client: 1, Input: Input{F: Write, Value: "1"}, Output: Output{}, Outcome: OK, Call: 2, Invoked: 2, Returned: 4},
		{Client: 2, Input: Input{F: Read}, Output: Output{Value: `"🌱é\t"`, Found: true}, Outcome: OK, Invoked: 5, Returned: 6},
		{Client: 3, Input: Input{F: Read}, Outcome: Failed, Invoked: 7, Returned: 8},
	}
	recording, err := Decode(strings.NewReader(text), JepsenEDN)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, recording.History.Operations()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// In Jepsen a client whose operation timed out comes back under another number;
// elsewhere it may go on under its own.
func TestAClientMayGoOnAfterAnOperationOfUnknownOutcome(t *testing.T) {
	for format, text := range map[Format]string{
		JSONLines: `{"seedbed-history":1}
{"client":1,"at":0,"event":"invoke","f":"write","value":"1"}
{"client":1,"at":1,"event":"unknown"}
{"client":1,"at":2,"event":"invoke","f":"read"}`,
		JepsenLog:   "INFO  jepsen.util - 1 :invoke :write 1\nINFO  jepsen.util - 1 :info :write :timed-out\nINFO  jepsen.util - 1 :invoke :read nil\n",
		JepsenEDN:   "{:process 1, :type :invoke, :f :write, :value 1} {:process 1, :type :info, :f :write, :value 1} {:process 1, :type :invoke, :f :read}",
		PorcupineKV: `{:process 1, :type :invoke, :f :put, :key "", :value "1"} {:process 1, :type :info, :f :put, :key "", :value "1"} {:process 1, :type :invoke, :f :get, :key ""}`,
	} {
		recording, err := Decode(strings.NewReader(text), format)
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		got := recording.History.Operations()
		if len(got) != 2 || got[0].Outcome != Unknown || got[0].Returned != 2 || got[1].Invoked != 3 || got[1].Returned != 0 {
			t.Errorf("%s: got %+v", format, got)
		}
	}
}

// A recording that goes on and on without an end of a line, or of a value, is
// refused before much of it is read.
func TestWhatNeverEndsIsRefusedSoon(t *testing.T) {
	for _, test := range []struct {
		format           Format
		beginning, piece string
	}{
		{JSONLines, `{"seedbed-history":1,"model":"`, "x"},
		{JepsenLog, "INFO  jepsen.util - ", "x"},
		{JepsenEDN, `{:process "`, "x"},
		{JepsenEDN, "{:process ", "x"},
		{JepsenEDN, "{:process ", "[] "},
		{JepsenEDN, "#_", "#_ ["},
	} {
		endless := &endlessReader{text: test.beginning, piece: test.piece}
		_, err := Decode(endless, test.format)
		var at *LineError
		if !errors.As(err, &at) || endless.read > 4*MaxLine {
			t.Errorf("%s, %q and then %q for ever: %d bytes were read: %v", test.format, test.beginning, test.piece, endless.read, err)
		}
	}
}

// An endlessReader reads text and then one piece for ever, or nearly.
type endlessReader struct {
	text, piece string
	read        int
}

func (e *endlessReader) Read(p []byte) (int, error) {
	if e.text == "" {
		e.text = strings.Repeat(e.piece, 1000)
	}
	n := copy(p, e.text)
	e.text = e.text[n:]
	if e.read += n; e.read > 16*MaxLine {
		return n, io.EOF
	}
	return n, nil
}

func TestARecordingMayBeMuchLongerThanALine(t *testing.T) {
	event := `{:process 0, :type :invoke, :f :read} #_ {:left :out} {:process 0, :type :info, :f :read}` + "\n"
	count := 2*MaxLine/len(event) + 1
	recording, err := Decode(strings.NewReader(strings.Repeat(event, count)), JepsenEDN)
	if err != nil || recording.History.Len() != count {
		t.Errorf("got %v, want %d operations", err, count)
	}
}

func TestALineMayBeAsLongAsItMay(t *testing.T) {
	text := `{"seedbed-history":1}` + "\n" + `{"client":1,"at":0,"event":"invoke","f":"write","value":""}`
	text = strings.TrimSuffix(text, `"}`) + strings.Repeat("x", MaxLine-len(strings.Split(text, "\n")[1])) + `"}`
	for _, end := range []string{"", "\n", "\r\n"} {
		if _, err := Decode(strings.NewReader(text+end), JSONLines); err != nil {
			t.Errorf("ended by %q: %v", end, err)
		}
	}
	var h History
	h.Invoke(1, 0, Input{F: Write, Value: strings.Repeat("x", MaxLine)})
	if err := Encode(new(strings.Builder), &h, ""); err == nil || !strings.Contains(err.Error(), "want at most 1048576") {
		t.Errorf("written although it cannot be read: %v", err)
	}
}

func TestAnUnknownFormatIsRefused(t *testing.T) {
	if _, err := Decode(strings.NewReader(""), "xml"); err == nil || !strings.Contains(err.Error(), "jepsen-log") {
		t.Errorf("got %v, want an error that names the formats", err)
	}
	for _, text := range []string{"", " \n", "<history/>", "\x00\x01"} {
		var at *LineError
		if format, err := Detect([]byte(text)); !errors.As(err, &at) {
			t.Errorf("%q was detected as %q, %v; want an error with a line", text, format, err)
		}
	}
}

func TestALogMayBeginWithLinesOfOtherLoggers(t *testing.T) {
	if format, err := Detect([]byte("INFO  jepsen.core - Running test\n" + etcdLog)); err != nil || format != JepsenLog {
		t.Errorf("detected as %q, %v", format, err)
	}
}

func TestAReadErrorIsPassedOn(t *testing.T) {
	broken := errors.New("the wire was cut")
	for format, text := range map[Format]string{
		JSONLines: ownLines + `{"client"`, JepsenLog: etcdLog + "INFO", JepsenEDN: plainEDN + "{:process", PorcupineKV: kvLog + `{:key "x`,
	} {
		if _, err := Decode(&brokenReader{text, broken}, format); !errors.Is(err, broken) {
			t.Errorf("%s: got %v, want %v", format, err, broken)
		}
	}
}

type brokenReader struct {
	text string
	err  error
}

func (b *brokenReader) Read(p []byte) (int, error) {
	if b.text == "" {
		return 0, b.err
	}
	n := copy(p, b.text)
	b.text = b.text[n:]
	return n, nil
}

func FuzzDetect(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		if format, err := Detect([]byte(text)); err == nil {
			Decode(strings.NewReader(text), format)
		}
	})
}

func FuzzDecodeJSONLines(f *testing.F) { fuzz(f, JSONLines) }

func FuzzDecodeJepsenLog(f *testing.F) { fuzz(f, JepsenLog) }

func FuzzDecodeJepsenEDN(f *testing.F) { fuzz(f, JepsenEDN) }

func FuzzDecodePorcupineKV(f *testing.F) { fuzz(f, PorcupineKV) }

func addSeeds(f *testing.F) {
	for _, text := range []string{etcdLog, kvLog, plainEDN, keyedEDN, ownLines, bankLines, "{{#{}}}", `#_#_1 2 #a "\u0000"`, `##Inf \{ #:a{:b 1/2}`} {
		f.Add(text)
	}
	for _, test := range refusals() {
		if len(test.text) < 1000 {
			f.Add(test.text)
		}
	}
}

// fuzz wants that what is refused is refused with its line, and that what is
// read can be relied on, and be written and read again.
func fuzz(f *testing.F, format Format) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		recording, err := Decode(strings.NewReader(text), format)
		if err != nil {
			if at := (*LineError)(nil); !errors.As(err, &at) || at.Line < 1 || at.Line > 1+strings.Count(text, "\n") {
				t.Fatalf("refused without a line that there is: %v", err)
			}
			return
		}
		for i, op := range recording.History.Operations() {
			if op.Returned != 0 && op.Returned <= op.Invoked || (op.Outcome == OK) != (op.Output != nil) {
				t.Fatalf("operation %d is %+v", i, op)
			}
		}
		var b strings.Builder
		if err := Encode(&b, recording.History, recording.Model); err != nil {
			if format == JSONLines {
				t.Fatalf("read, and cannot be written: %v", err)
			}
			return // times that decrease, text that is not UTF-8
		}
		again, err := Decode(strings.NewReader(b.String()), JSONLines)
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		if diff := cmp.Diff(recording.History.Operations(), again.History.Operations()); diff != "" {
			t.Fatalf("read again (-before +after):\n%s", diff)
		}
	})
}
