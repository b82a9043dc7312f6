package api

import "reflect"

// sampleDepth bounds the samples of types that refer to themselves.
const sampleDepth = 8

// sample makes an input with every pointer set and one item in every list, so
// that checking it reads every `validate` tag once, at the start.
func sample(o *operation) any {
	in := reflect.New(o.in)
	fillSample(in.Elem(), sampleDepth)
	return in.Interface()
}

func fillSample(v reflect.Value, depth int) {
	if depth == 0 || !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillSample(v.Elem(), depth-1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillSample(v.Index(0), depth-1)
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		fillSample(value, depth-1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.Zero(v.Type().Key()), value)
	case reflect.Struct:
		for i := range v.NumField() {
			fillSample(v.Field(i), depth-1)
		}
	}
}
