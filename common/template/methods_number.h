/* The methods and attributes of Python's int and float. */
#ifndef TRX_TEMPLATE_METHODS_NUMBER_H
#define TRX_TEMPLATE_METHODS_NUMBER_H

#include "common/template/call.h"

trx_call_fn trx_method_number_ratio; /* as_integer_ratio() */
trx_call_fn trx_method_number_bit_count;
trx_call_fn trx_method_number_bit_length;
trx_call_fn trx_method_number_conjugate;
trx_call_fn trx_method_number_is_integer;

/* v.name of a number, an attribute that is no method: 1, 0 none, -1. */
int trx_method_number_attr(struct trx_run *run, const struct trx_value *v,
    struct trx_str name, struct trx_value *out);

#endif
