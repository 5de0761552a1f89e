package wal

import (
	"errors"
	"fmt"

	"seedbed.example/storage"
)

// Save makes a file of one record, durably and at one stroke, in place of the
// one of that name: a snapshot, or a state that is small enough to be written
// anew each time.
func Save(disk storage.Disk, name string, payload []byte) error {
	if _, err := storage.ReplaceFile(disk, name, appendRecord(nil, 0, payload)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Load returns what was saved under that name, nil if nothing was yet. It was
// synced before it got its name, so whatever is wrong with it is [ErrRot].
func Load(disk storage.Disk, name string) (payload []byte, err error) {
	file, err := disk.Open(name)
	if errors.Is(err, storage.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	data, err := storage.ReadAll(file)
	if err != nil {
		return nil, err
	}
	payload, _, err = readRecord(data, 0)
	if payload == nil || err != nil {
		return nil, fmt.Errorf("%s: %w", name, ErrRot)
	}
	return payload, nil
}
