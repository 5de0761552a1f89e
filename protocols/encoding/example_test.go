package encoding_test

import (
	"fmt"

	"seedbed.example/protocols/encoding"
)

// A vote, as it lies on a disk.
func Example() {
	record := encoding.AppendUvarint(nil, 7)
	record = encoding.AppendText(record, "blue")

	r := encoding.Reader{Data: record}
	ballot, value := r.Uvarint(), r.Text()
	fmt.Println(ballot, value, r.End())

	r = encoding.Reader{Data: record[:3]}
	ballot, value = r.Uvarint(), r.Text()
	fmt.Printf("%d %q %v\n", ballot, value, r.End())
	// Output:
	// 7 blue <nil>
	// 7 "" corrupt encoding
}
