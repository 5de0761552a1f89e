package network

// Distributions without floating point: tables of quantiles in fixed point,
// with tableBits fractional bits, read with linear interpolation. The tables
// are literal, and TestTablesAgreeWithMath checks them.

const (
	tableBits = 20 // fractional bits of a table's entries
	tableSize = 256
	stepBits  = 12 // quantiles = tableSize << stepBits
)

// quantile returns the table's value at u of [0, quantiles), in fixed point.
func quantile(table *[tableSize + 1]int32, u uint64) int64 {
	i, rest := u>>stepBits, int64(u&(1<<stepBits-1))
	low, high := int64(table[i]), int64(table[i+1])
	return low + (high-low)*rest>>stepBits
}

// exp returns e to the x, both in fixed point, for x between -12 and 12.
func exp(x int64) int64 {
	// e^x = 2^(x / ln 2) = 2^whole * 2^part
	const inverseLn2 = 1512775 // 1/ln 2 in fixed point
	y := x * inverseLn2 >> tableBits
	whole, part := y>>tableBits, uint64(y&(1<<tableBits-1))
	power := quantile(&powersOfTwo, part)
	if whole >= 0 {
		return power << whole
	}
	return power >> -whole
}
