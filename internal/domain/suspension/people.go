package suspension

import (
	"context"
	"maps"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/ref"
)

// tellPeople sends one message to every person the act touches, however many
// files the person has.
func (s *Service) tellPeople(ctx context.Context, id ID) error {
	return s.run(ctx, id, track{
		of: func(a *Act) *Track { return &a.People },
		list: func(a *Act) ([]string, int) {
			people, silent := s.people(a)
			keys := make([]string, 0, len(people))
			for person := range people {
				keys = append(keys, string(person))
			}
			slices.Sort(keys)
			return keys, silent
		},
		carry: func(ctx context.Context, a *Act, keys []string) error {
			people, _ := s.people(a)
			var letters []*message.Message
			for _, key := range keys {
				if n, ok := s.notice(a, account.ID(key), people[account.ID(key)]); ok {
					letters = append(letters, message.New(n, account.Moment(s.Now())))
				}
			}
			if len(letters) == 0 {
				return nil
			}
			_, err := s.Messages.InsertMany(ctx, letters)
			return err
		},
	})
}

// people gives the accounts behind the live files the act touches, and whether
// the person is abroad. A reopening is told to those whose file nothing else
// closes.
func (s *Service) people(a *Act) (abroad map[account.ID]bool, silent int) {
	abroad = map[account.ID]bool{}
	force := s.inForce()
	for _, f := range s.within(s.scopes(a)...) {
		if f.Type == OfferFile || a.Direction == Opening && slices.ContainsFunc(force, func(x *Act) bool { return x.Scope.Covers(f.Subject) }) {
			continue
		}
		if f.Person == "" {
			silent++
			continue
		}
		abroad[f.Person] = abroad[f.Person] || f.Abroad
	}
	return abroad, silent
}

// messageID is made of the act and the account, so that a repeat finds the
// message there.
func messageID(a *Act, person account.ID) message.ID {
	return message.ID("msg_" + string(a.ID) + "_" + string(person))
}

// notice asks for the message to one person, by e-mail where there is an
// address; false for an account that is gone or has neither.
func (s *Service) notice(a *Act, person account.ID, abroad bool) (message.Notice, bool) {
	card, ok := s.Reader.AccountCard(person)
	n := message.Notice{ID: messageID(a, person), Channel: message.Email, Recipient: string(person),
		Template: template(a, abroad), Args: s.args(a), At: a.At}
	if card.Email == "" {
		n.Channel = message.SMS
	}
	return n, ok && card.Email+card.Phone != ""
}

// template picks the words: what is closed or open again, and whether the
// person has left.
func template(a *Act, abroad bool) string {
	key := string(a.Direction) + "." + string(a.Scope.Kind)
	if a.Direction == Closing && abroad {
		key += ".abroad"
	}
	return key
}

// Most characters of a name and of an act's number in a message: with them an
// SMS stays one SMS.
const (
	maxName   = 30
	maxNumber = 26
)

// args gives what the words quote: the name of the target in both languages,
// the number of the act, and both cut for an SMS.
func (s *Service) args(a *Act) map[string]string {
	fr, en := s.names(a.Scope.Target)
	return map[string]string{"nameFr": fr, "nameEn": en, "act": a.Number,
		"shortFr": cut(fr, maxName), "shortEn": cut(en, maxName), "shortAct": cut(a.Number, maxNumber)}
}

func (s *Service) names(t Target) (fr, en string) {
	switch t.Kind {
	case Agency:
		card, _ := s.Reader.AgencyCard(agency.ID(t.ID))
		return card.Name, card.Name
	case Employer:
		card, _ := s.Reader.EmployerCard(employer.ID(t.ID))
		return card.Name, card.Name
	}
	country := corridor.Code(t.ID).Destination()
	return country.Name(ref.French), country.Name(ref.English)
}

// cut shortens a text to that many characters.
func cut(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return string(runes[:limit-3]) + "..."
}

// Recipients lists whom an act would be told to; it is what tests compare the
// messages with.
func (s *Service) Recipients(a *Act) []account.ID {
	people, _ := s.people(a)
	return slices.Sorted(maps.Keys(people))
}
