// Package auth signs people in: passwords (argon2id), access tokens (EdDSA,
// RFC 9068 "at+jwt"), session families with rotating refresh tokens, the
// throttle against guessing, and the ring of keys that the master key wraps.
//
// Two decisions run through it. Nothing it answers tells whether an account
// exists: the same work is done, and the same fault given, either way. And a
// token only says who and which session: role, state and password are looked
// up in the read model at each request, so that a change of them takes effect
// at once and not when a token runs out.
package auth
