package lifecycletest

import (
	"slices"

	"passerelle/internal/domain/fault"
)

// IsField reports whether an error is Invalid and says this code of the field
// at a JSON pointer.
func IsField(err error, pointer, code string) bool {
	f := fault.Of(err)
	return f != nil && f.Kind == fault.Invalid &&
		slices.ContainsFunc(f.Fields, func(field fault.Field) bool { return field.Pointer == pointer && field.Code == code })
}
