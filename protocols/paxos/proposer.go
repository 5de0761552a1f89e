package paxos

import (
	"fmt"
	"time"

	"seedbed.example/sim"
)

// begin begins a ballot above all that it has heard of (phase 1a). Its round is
// durable before anybody hears of it: no ballot is used twice.
func (n *Node) begin(d *decree) {
	d.round = max(d.round, d.outbid) + 1
	n.save(d)
	n.persist(true)
	d.ballot = Ballot{d.round, n.id}
	d.votes = d.votes[:0]
	n.env.Log("%s: begins ballot %v", d.name, d.ballot)
	n.enter(d, preparing, &Prepare{d.name, d.ballot})
}

// enter begins a phase of the ballot, in which a majority must answer a request.
func (n *Node) enter(d *decree, p phase, request sim.Message) {
	d.phase, d.request = p, request
	d.answers.Reset()
	d.retries.Reset()
	n.ask(d)
}

// ask sends the request of the phase to all that have not answered it, itself
// among them, and again after a while, longer each time.
func (n *Node) ask(d *decree) {
	servers := n.options.Servers
	first, count := 0, len(servers)
	if n.env.Buggify(bareMajority) {
		first, count = int(n.env.Rand("majority").N(uint64(count))), n.rules.Majority(count)
	}
	for i := range count {
		if id := servers[(first+i)%len(servers)]; !d.answers.Has(id) {
			n.env.Send(id, d.request)
		}
	}
	d.timer.Reset(d.retries.Next())
}

// answered counts an answer to the request of a phase of a ballot, and reports
// whether it completes a majority.
func (n *Node) answered(d *decree, p phase, b Ballot, from sim.NodeID) bool {
	return d.phase == p && d.ballot == b && d.answers.Add(from) && d.answers.Len() == n.rules.Majority(len(n.options.Servers))
}

// promise takes a promise. With those of a majority the value is settled, and
// acceptors are asked for it (phase 2a).
func (n *Node) promise(from sim.NodeID, m *Promise) {
	d := n.decree(m.Decree)
	if m.Vote.Cast() && d.phase == preparing && d.ballot == m.Ballot && !d.answers.Has(from) {
		d.votes = append(d.votes, m.Vote)
	}
	if !n.answered(d, preparing, m.Ballot, from) {
		return
	}
	if len(d.votes) == 0 && d.own == nil {
		n.findNothing(d)
		return
	}
	d.value = n.rules.Value(d.own, d.votes)
	n.env.Sometimes("a value was taken over from another ballot", len(d.votes) > 0)
	n.env.Sometimes("votes of different values were found", differ(d.votes))
	n.env.Log("%s: proposes %q in ballot %v, is told of %v", d.name, d.value, d.ballot, told(d.votes))
	n.env.Point(valuePicked)
	n.observer.Proposed(n.id, d.name, d.ballot, d.value)
	n.enter(d, accepting, &Accept{d.name, d.ballot, d.value})
}

// told is the votes that a proposer is told of, for a note.
type told []Vote

// String lists the votes.
func (votes told) String() string {
	if len(votes) == 0 {
		return "no vote"
	}
	text := "votes"
	for i, v := range votes {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf(" for %q in %v", v.Value, v.Ballot)
	}
	return text
}

// differ reports whether votes are for more than one value.
func differ(votes []Vote) bool {
	for _, v := range votes {
		if v.Value != votes[0].Value {
			return true
		}
	}
	return false
}

// findNothing ends a ballot without a value: nobody offered one, and a majority
// has accepted none. Readers that came too late for it wait for another.
func (n *Node) findNothing(d *decree) {
	n.env.Log("%s: nothing was chosen before ballot %v", d.name, d.ballot)
	var late []client
	for _, c := range d.clients {
		if n.rules.MayFindNothing(d.ballot.Round, c.before) {
			n.env.Send(c.address, &Reply{})
		} else {
			late = append(late, c)
		}
	}
	n.env.Sometimes("a read came too late for a ballot that found nothing", len(late) > 0)
	d.clients, d.phase = late, idle
	d.timer.Stop()
	if len(late) > 0 {
		n.begin(d)
	}
}

// accepted takes the word of an acceptor that it has accepted the proposal. When
// a majority has, the value is chosen, and the proposer learns it first: it is
// the distinguished learner of its own ballots (§2.3).
func (n *Node) accepted(from sim.NodeID, m *Accepted) {
	d := n.decree(m.Decree)
	if !n.answered(d, accepting, m.Ballot, from) {
		return
	}
	n.env.Log("%s: %q is chosen in ballot %v", d.name, d.value, d.ballot)
	n.env.Point(valueChosen)
	n.learn(d, d.value)
	n.tell(d)
}

// nack gives up a ballot that was outbid, and keeps quiet for a while, so that
// whoever bid more can finish: two proposers could else outbid each other for
// ever (§2.4).
func (n *Node) nack(m *Nack) {
	d := n.decree(m.Decree)
	if d.ballot != m.Ballot || d.phase != preparing && d.phase != accepting {
		return
	}
	n.env.Sometimes("a proposer was outbid between its phases", d.phase == accepting)
	d.phase, d.outbid = waiting, max(d.outbid, m.Promised.Round)
	n.env.Log("%s: gives up ballot %v, outbid by %v", d.name, d.ballot, m.Promised)
	d.timer.Reset(n.quiet(d))
}

// quiet draws for how long a proposer that was outbid keeps quiet. Each server
// counts from another point: in the calmest run, where all draw the least, two
// would else go on in step.
func (n *Node) quiet(d *decree) time.Duration {
	if n.env.Buggify(noBackoff) {
		return time.Microsecond
	}
	return d.duels.Next() + time.Duration(n.id-1)*n.options.Retry/4
}
