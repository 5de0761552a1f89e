package explore

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"seedbed.example/choice"
	"seedbed.example/faults"
	"seedbed.example/sim"
)

// A deviation is one answer that is not benign, or a crash at a point.
type deviation struct {
	answer choice.Override
	crash  *faults.Point // nil if it is an answer
}

// domain returns the domain that the deviation is in.
func (d deviation) domain() string {
	if d.crash != nil {
		return CrashDomain
	}
	return d.answer.Domain
}

// A place orders the deviations of one run: by the number of the choice, and a
// crash after a message before what becomes of the message.
type place int

// deviations yields what a run that asked these choices could have done
// otherwise, in order: answers in the domains, those about the network only for
// messages between servers; and crashes, if they are among the domains, as long
// as faults strike. Servers are numbered from 1.
func deviations(asked []choice.Decision, domains []string, servers int) iter.Seq2[place, deviation] {
	return func(yield func(place, deviation) bool) {
		crashes := slices.Contains(domains, CrashDomain)
		sent := make(map[sending]int)
		var last choice.Key
		for i, d := range asked {
			about, network := sendingOf(d.Key)
			if d.Domain == "core" {
				crashes = false // the core has been chosen, so faults are over
			}
			if network && (d.Subject != last.Subject || d.Index != last.Index) { // choices about one message come in a row
				last = d.Key
				of := sending{about.from, 0, about.kind}
				sent[of]++
				if crashes && about.from <= servers && !yield(place(2*i), deviation{crash: crashAfter(of, sent[of])}) {
					return
				}
			}
			if !slices.Contains(domains, d.Domain) || network && max(about.from, about.to) > servers {
				continue
			}
			for _, value := range alternatives(d.N) {
				answer := choice.Override{Key: d.Key, Value: value}
				if value != d.Value && !yield(place(2*i+1), deviation{answer: answer}) {
					return
				}
			}
		}
	}
}

// alternatives are the answers that stand for all to a choice with so many:
// each if they are few, else the least and the greatest.
func alternatives(n uint64) []uint64 {
	switch n {
	case 0, 1:
		return nil
	case 2:
		return []uint64{0, 1}
	case 3:
		return []uint64{0, 1, 2}
	default:
		return []uint64{0, n - 1}
	}
}

// A sending is of one kind of message over one link; with 0 as receiver over
// any.
type sending struct {
	from, to int
	kind     string
}

// isNetwork reports whether choices of a domain are about messages.
func isNetwork(domain string) bool { return strings.HasPrefix(domain, "network ") }

// sendingOf reads the subject of a choice about a message, "1->3 Vote".
func sendingOf(key choice.Key) (s sending, ok bool) {
	if !isNetwork(key.Domain) {
		return s, false
	}
	link, kind, _ := strings.Cut(key.Subject, " ")
	from, to, _ := strings.Cut(link, "->")
	var errFrom, errTo error
	s.from, errFrom = strconv.Atoi(from)
	s.to, errTo = strconv.Atoi(to)
	s.kind = kind
	return s, errFrom == nil && errTo == nil
}

// crashAfter is the crash of a server when it has sent so many messages of a
// kind.
func crashAfter(s sending, times int) *faults.Point {
	node := sim.NodeID(s.from)
	return &faults.Point{
		Node: node, Times: times, Sends: s.kind,
		Then: "crash", Nodes: []sim.NodeID{node}, Lasts: faults.Duration(crashLasts),
	}
}
