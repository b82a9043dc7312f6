package store

import (
	"encoding/json"
	"strconv"
)

// readShape reads a schema. Nearly every document with lists has a schema of
// its own, so that at the start of the service this is most of the work: what
// the engine writes is read in one pass, everything else by encoding/json.
func readShape(text []byte) (*shape, error) {
	r := sjsonReader{in: text}
	if s, err := r.shape(); err == nil && r.at == len(text) {
		return s, nil
	}
	s := new(shape)
	return s, json.Unmarshal(text, s)
}

// shape reads {"p":{…},"$k":[…]}; the order of the keys is that of the
// document itself.
func (r *sjsonReader) shape() (*shape, error) {
	s := new(shape)
	return s, r.each(func(name string) (err error) {
		switch {
		case name == "p" && s.Members == nil:
			s.Members, err = r.kinds()
			return err
		case name == "$k":
			return r.list(func() error { _, err := r.quoted(); return err })
		}
		return errSJSON
	})
}

// kinds reads the types of the members of an object.
func (r *sjsonReader) kinds() (map[string]*kind, error) {
	members := map[string]*kind{}
	return members, r.each(func(name string) (err error) {
		members[name], err = r.kind()
		return err
	})
}

// kind reads the type of one value.
func (r *sjsonReader) kind() (*kind, error) {
	k := new(kind)
	return k, r.each(func(name string) (err error) {
		switch {
		case name == "t":
			k.Type, err = r.text()
		case name == "$s" && k.Shape == nil:
			k.Shape, err = r.shape()
		case name == "i" && k.Items == nil:
			err = r.list(func() error {
				item, err := r.kind()
				k.Items = append(k.Items, item)
				return err
			})
		case name == "s":
			var n uint64
			n, err = strconv.ParseUint(r.word(), 10, 8)
			k.Subtype = byte(n)
		default:
			err = errSJSON
		}
		return err
	})
}

// each moves over an object; value reads what belongs to a name.
func (r *sjsonReader) each(value func(name string) error) error {
	if !r.take('{') {
		return errSJSON
	}
	for first := true; !r.take('}'); first = false {
		if !first && !r.take(',') {
			return errSJSON
		}
		name, err := r.text()
		if err != nil || !r.take(':') {
			return errSJSON
		}
		if err := value(name); err != nil {
			return err
		}
	}
	return nil
}

// list moves over an array; item reads one element.
func (r *sjsonReader) list(item func() error) error {
	if !r.take('[') {
		return errSJSON
	}
	for first := true; !r.take(']'); first = false {
		if !first && !r.take(',') {
			return errSJSON
		}
		if err := item(); err != nil {
			return err
		}
	}
	return nil
}
