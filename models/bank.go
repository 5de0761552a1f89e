package models

import (
	"fmt"
	"slices"
	"strings"

	"seedbed.example/history"
)

// banks is the specification of banks. Every account begins at 0, a deposit
// brings money in from outside, and a transfer that an account has not the funds
// for is refused; so no account is ever below 0, and all together hold what was
// deposited. A read tells all balances of one moment, as [Balances] writes them.
// The state is the accounts that are not at 0, in the order of their names.
func banks() specification {
	return specification{
		step:  bank,
		equal: func(a, b any) bool { return slices.Equal(accounts(a), accounts(b)) },
		hash: func(state any) (hash uint64) {
			for _, a := range accounts(state) {
				hash = hashText(hash^uint64(a.balance)*0x9e3779b97f4a7c15, a.name) + 1
			}
			return hash
		},
		describe: func(state any) string {
			if text := balances(accounts(state)); text != "" {
				return text
			}
			return "nothing"
		},
		limits: bankLimits,
	}
}

type account struct {
	name    string
	balance int64
}

func accounts(state any) []account {
	all, _ := state.([]account)
	return all
}

// Balances writes the balances of a bank as a read tells them: alice=3 bob=7.
// Accounts are in the order of their names, those at 0 are left out, and if none
// is left nothing is found.
func Balances(of map[string]int64) history.Output {
	var all []account
	for name, balance := range of {
		all = with(all, name, balance)
	}
	text := balances(all)
	return history.Output{Value: text, Found: text != ""}
}

func balances(all []account) string {
	var told []string
	for _, a := range all {
		told = append(told, fmt.Sprintf("%s=%d", a.name, a.balance))
	}
	return strings.Join(told, " ")
}

// with returns accounts after an amount has gone into one of them. It leaves all
// as they are.
func with(all []account, name string, amount int64) []account {
	at, found := slices.BinarySearchFunc(all, name, func(a account, name string) int { return strings.Compare(a.name, name) })
	all = slices.Clone(all)
	if !found {
		all = slices.Insert(all, at, account{name: name})
	}
	if all[at].balance += amount; all[at].balance == 0 {
		all = slices.Delete(all, at, at+1)
	}
	return all
}

func balance(all []account, name string) int64 {
	for _, a := range all {
		if a.name == name {
			return a.balance
		}
	}
	return 0
}

func bank(state, input any, out history.Output, known bool) (bool, any) {
	all := accounts(state)
	switch in := input.(history.Input); in.F {
	case history.Read:
		text := balances(all)
		return !known || out.Found == (text != "") && out.Value == text, state
	case history.Deposit:
		return true, with(all, in.To, in.Amount)
	case history.Transfer:
		funds := balance(all, in.From) >= in.Amount
		if known && out.Applied != funds {
			return false, state
		}
		if !funds {
			return true, state
		}
		return true, with(with(all, in.From, -in.Amount), in.To, in.Amount)
	default:
		return false, state
	}
}

// bankLimits refuses amounts that are none, and names that a read could not tell
// apart.
func bankLimits(in history.Input) string {
	named := []string{in.To}
	switch in.F {
	case history.Read:
		return ""
	case history.Transfer:
		named = append(named, in.From)
	}
	for _, name := range named {
		if name == "" || strings.ContainsAny(name, " =") {
			return fmt.Sprintf("%q is no name of an account: it has to be there, without blanks and equals signs", name)
		}
	}
	if in.Amount <= 0 {
		return "an amount has to be above 0"
	}
	return ""
}
