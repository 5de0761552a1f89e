package paxos

// learn takes in what was chosen, and tells the clients that wait for it.
func (n *Node) learn(d *decree, value string) {
	n.observer.Learned(n.id, d.name, value)
	if d.chosen {
		return
	}
	d.chosen, d.decided, d.phase = true, value, idle
	d.timer.Stop()
	for _, c := range d.clients {
		n.env.Send(c.address, &Reply{Chosen: true, Value: value})
	}
	d.clients, d.own, d.votes, d.request = nil, nil, nil, nil
}

// tell tells all others what was chosen (§2.3). Whom that does not reach asks.
func (n *Node) tell(d *decree) {
	if n.env.Buggify(tellNobody) {
		return
	}
	for _, id := range n.options.Servers {
		if id != n.id {
			n.env.Send(id, &Chosen{d.name, d.decided})
		}
	}
}

// catchUp lets an acceptor that has voted ask after a while what was chosen, by
// a ballot without a value of its own: "If a learner needs to know whether a
// value has been chosen, it can have a proposer issue a proposal" (§2.3). The
// ballot brings to an end what others began and could not finish.
func (n *Node) catchUp(d *decree) {
	if d.phase == idle && !d.chosen {
		d.timer.Reset(n.options.CatchUp + n.jitter.Between(0, n.options.CatchUp))
	}
}
