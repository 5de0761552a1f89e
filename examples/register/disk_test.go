package register_test

import (
	"fmt"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/history"
)

// save replaces the value, durably if the register syncs.
func (r *Register) save(value string) history.Output {
	disk := r.env.Disk()
	file, err := disk.Create("value.new")
	if err == nil {
		_, err = file.Write([]byte(value))
	}
	if err == nil && r.Sync {
		err = file.Sync()
	}
	if err == nil {
		err = disk.Rename("value.new", "value")
	}
	if err == nil && r.Sync {
		err = disk.SyncDir()
	}
	if err != nil {
		r.env.Halt(err)
	}
	return history.Output{}
}

// load returns what the disk holds.
func (r *Register) load() history.Output {
	file, err := r.env.Disk().Open("value")
	if err != nil {
		return history.Output{}
	}
	size, _ := file.Size()
	value := make([]byte, size)
	if _, err := file.ReadAt(value, 0); err != nil {
		r.env.Halt(err)
	}
	return history.Output{Value: string(value), Found: true}
}

// A register that does not sync before it answers forgets at a crash what it
// had acknowledged, and some seed shows it.
func Example() {
	for seed := range choice.Seed(300) {
		if result := run(seed, false); result.Verdict == checkers.Violated {
			fmt.Println("without its sync it is", result.Verdict)
			break
		}
	}
	// Output: without its sync it is violated
}
