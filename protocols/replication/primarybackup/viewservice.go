package primarybackup

import (
	"slices"

	"seedbed.example/sim"
)

// A ViewService decides who is primary: the only one that does. There is one
// of it. While it is down or cut off no view follows the current one, in which
// replicas go on as they can. What it forgets in a crash they tell it again.
type ViewService struct {
	options Options
	rules   *Rules
	env     sim.Env
	tick    sim.Timer

	// On disk.
	view         View
	acknowledged bool // its primary works in it: if that fails, nobody tells it again

	replicas []heardOf
	silent   []sim.NodeID // by the primary's word
	caughtUp []sim.NodeID
}

// heardOf is what the view service has last heard of a replica.
type heardOf struct {
	missed int // pings since then, by its own count of time: a pause counts as one
	last   Position
}

// NewViewService returns a view service that has not started.
func NewViewService(options Options) *ViewService {
	options = options.withDefaults()
	return &ViewService{options: options, rules: options.Rules}
}

// Start implements [sim.Node].
func (s *ViewService) Start(env sim.Env) {
	s.env = env
	if err := s.recover(); err != nil {
		env.Halt(err)
	}
	env.Log("recovered %v", s.view)
	s.replicas = make([]heardOf, slices.Max(s.options.Replicas)+1)
	s.tick = env.NewTimer(s.look)
	s.tick.Reset(s.options.PingInterval)
}

// Receive implements [sim.Node].
func (s *ViewService) Receive(from sim.NodeID, m sim.Message) {
	ping, ok := m.(*Ping)
	if !ok || !slices.Contains(s.options.Replicas, from) {
		return
	}
	s.replicas[from] = heardOf{last: ping.Last}
	if from == s.view.Primary && ping.View == s.view.Number {
		if ping.Acknowledged && !s.acknowledged {
			s.acknowledged = true
			s.save()
		}
		s.silent, s.caughtUp = ping.Silent, ping.CaughtUp
		s.moveOn()
	}
	if ping.View < s.view.Number {
		s.env.Send(from, &CurrentView{s.view})
	}
}

// look looks for replicas that are dead, so often.
func (s *ViewService) look() {
	s.tick.Reset(s.options.PingInterval)
	for i := range s.replicas {
		s.replicas[i].missed++
	}
	s.moveOn()
}

// moveOn begins the next view if there is reason to.
func (s *ViewService) moveOn() {
	next, differs := s.next()
	if !differs || !s.rules.MoveOn(s.acknowledged) {
		return
	}
	s.view, s.acknowledged, s.silent, s.caughtUp = next, false, nil, nil
	s.save()
	s.env.Point(viewDecided)
	s.env.Log("decides on %v", s.view)
	for _, id := range s.options.Replicas {
		s.env.Send(id, &CurrentView{s.view})
	}
}

// next returns the view that ought to follow, and whether it differs: without
// those who are dead, and with those who have caught up.
func (s *ViewService) next() (next View, differs bool) {
	members := s.view.members()
	left := slices.DeleteFunc(slices.Clone(members), func(id sim.NodeID) bool { return !s.alive(id) })
	if !s.rules.MayLeaveOut(s.options.Mode, len(members), len(left), slices.Contains(left, s.view.Primary)) {
		return s.view, false
	}
	for _, id := range s.caughtUp {
		if s.alive(id) && !slices.Contains(members, id) {
			next.Joined = append(next.Joined, id)
		}
	}
	if len(left) == len(members) && len(next.Joined) == 0 {
		return s.view, false
	}
	next.Number, next.Primary = s.view.Number+1, left[0]
	if left[0] != s.view.Primary && !s.options.Mode.Lossless() {
		next.Primary = latest(left, func(id sim.NodeID) Position { return s.replicas[id].last }) // to lose little
	}
	next.Backups = slices.DeleteFunc(append(left, next.Joined...), func(id sim.NodeID) bool { return id == next.Primary })
	return next, true
}

// alive reports whether a replica has pinged lately, and the primary hears from
// it too.
func (s *ViewService) alive(id sim.NodeID) bool {
	return !s.options.dead(s.replicas[id].missed) && !slices.Contains(s.silent, id)
}
