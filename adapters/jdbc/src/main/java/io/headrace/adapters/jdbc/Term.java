package io.headrace.adapters.jdbc;

/**
 * A column in a statement and the parameter that belongs to it. Immutable.
 *
 * @param column    quoted.
 * @param parameter a question mark, with what the dialect needs around it.
 * @param textual   whether the column's type may have no equality of its own, so that its text is compared.
 */
record Term(String column, String parameter, boolean textual) {
}
