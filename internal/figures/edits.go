package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// An edit is a change of the code as it happens every day, which breaks
// nothing and mends nothing.
type edit struct {
	what     string
	file     string // in protocols/raft; "" for every file of the tree
	old, new string
}

// edits are ten of them, in Raft.
var edits = []edit{
	{"an extra log line", "election.go",
		"	n.env.Log(\"became leader of term %d\", n.term)\n",
		"	n.env.Log(\"became leader of term %d\", n.term)\n	n.env.Log(\"the log ends at %d\", n.log.LastIndex())\n"},
	{"an added timer, which fires every 10 ms", "node.go",
		"		n.heardAt = env.Elapsed()\n	}\n	n.newTimeout()\n}\n",
		"		n.heardAt = env.Elapsed()\n	}\n	n.newTimeout()\n	var metrics sim.Timer\n	metrics = env.NewTimer(func() { metrics.Reset(10 * time.Millisecond) })\n	metrics.Reset(10 * time.Millisecond)\n}\n"},
	{"a renamed message", "", "RequestVoteReply", "VoteReply"},
	{"a reordered send: followers are served from the last to the first", "replication.go",
		"	for _, p := range n.progress {\n		if p != nil {\n			n.sendTo(p, always)\n		}\n	}\n",
		"	for i := range n.progress {\n		if p := n.progress[len(n.progress)-1-i]; p != nil {\n			n.sendTo(p, always)\n		}\n	}\n"},
	{"a new message to every follower at each heartbeat, which is ignored", "replication.go",
		"	n.nextRound()\n	for _, p := range n.progress {\n		if p == nil {\n			continue\n		}\n",
		"	n.nextRound()\n	for _, p := range n.progress {\n		if p == nil {\n			continue\n		}\n		type Statistics struct{}\n		n.env.Send(p.id, &Statistics{})\n"},
	{"randomness for a new purpose, drawn at every boot", "node.go",
		"	n.jitter = env.Rand(\"election timeout\")\n",
		"	n.jitter = env.Rand(\"election timeout\")\n	env.Rand(\"trace sampling\").N(1000)\n"},
	{"a file of its own that is written at every boot", "node.go",
		"	n.jitter = env.Rand(\"election timeout\")\n",
		"	n.jitter = env.Rand(\"election timeout\")\n	if _, err := storage.ReplaceFile(n.disk, \"version\", []byte(\"2\")); err != nil {\n		env.Halt(err)\n	}\n"},
	{"larger messages: a new field in every AppendEntries", "messages.go",
		"	size := 64\n", "	size := 80\n"},
	{"a shorter wait for more to come before a flush", "node.go",
		"	or(&o.BatchDelay, 500*time.Microsecond)\n", "	or(&o.BatchDelay, 400*time.Microsecond)\n"},
	{"more frequent heartbeats", "node.go",
		"	or(&o.Heartbeat, o.ElectionTimeout/3)\n", "	or(&o.Heartbeat, o.ElectionTimeout/4)\n"},
}

// apply makes the edit in a copy of the module at root.
func (e *edit) apply(root string) error {
	if e.file != "" {
		return replace(filepath.Join(root, "protocols", "raft", e.file), e.old, e.new)
	}
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(strings.ReplaceAll(string(text), e.old, e.new)), 0o644)
	})
}

func replace(path, old, new string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if strings.Count(string(text), old) != 1 {
		return fmt.Errorf("%s holds this %d times, not once:\n%s", path, strings.Count(string(text), old), old)
	}
	return os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o644)
}
