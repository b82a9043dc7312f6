package offer

import (
	"strings"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/text"
)

// Masked is what stands in place of a contact channel.
const Masked = "[contact masqué]"

// freeMail lists providers of free mailboxes; a recruiter that writes from one
// cannot be told from an impostor.
var freeMail = []string{
	"gmail.", "googlemail.", "yahoo.", "ymail.", "hotmail.", "outlook.", "live.", "msn.", "aol.", "icloud.", "gmx.",
	"mail.ru", "yandex.", "protonmail.", "proton.me", "laposte.net", "orange.fr", "wanadoo.fr", "free.fr", "mail.com",
}

// lintContacts blocks ways round the system; of a foreign public service,
// whose contacts are masked when its file is read, it says that they were.
func lintContacts(l *linter) {
	for _, part := range []struct{ pointer, value string }{
		{"/title", l.Terms.Title}, {"/description", l.Terms.Description}, {"/payText", l.Terms.PayText},
	} {
		if spans := text.Contacts(part.value); len(spans) > 0 {
			l.block("lint.contact.channel", part.pointer, string(spans[0].Kind))
		}
	}
	if l.Original != "" && l.AgencyKind == agency.ForeignPublicService {
		l.warn("lint.contact.masked", "/description")
	}
}

func lintFreeMail(l *linter) {
	for _, value := range []string{l.Terms.Title, l.Terms.Description, l.Terms.PayText, l.Original} {
		for _, span := range text.Contacts(value) {
			if span.Kind == text.Email && isFreeMail(value[span.Start:span.End]) {
				l.warn("lint.contact.free_mail", "/description")
			}
		}
	}
}

// isFreeMail reads the address as people spell it out ("gmail dot com").
func isFreeMail(address string) bool {
	plain := strings.NewReplacer(" dot ", ".", " point ", ".", "[dot]", ".", "(dot)", ".", "(point)", ".", "[point]", ".").Replace(text.Fold(address))
	plain = strings.ReplaceAll(plain, " ", "")
	for _, provider := range freeMail {
		if strings.Contains(plain, provider) {
			return true
		}
	}
	return false
}

// MaskContacts takes the contact channels out of title and description. It
// gives the description as it was, or nothing when there was none to mask.
func MaskContacts(t *Terms) (original string) {
	title, inTitle := text.MaskContacts(t.Title, Masked)
	description, inText := text.MaskContacts(t.Description, Masked)
	pay, inPay := text.MaskContacts(t.PayText, Masked)
	if inTitle+inText+inPay == 0 {
		return ""
	}
	original = t.Description
	if inTitle > 0 {
		original = t.Title + "\n" + original
	}
	t.Title, t.Description, t.PayText = title, description, pay
	return original
}
