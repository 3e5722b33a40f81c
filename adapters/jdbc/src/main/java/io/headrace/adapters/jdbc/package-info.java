/**
 * Last stop of a row change or reading: writes it into the tables of a JDBC database.
 */
package io.headrace.adapters.jdbc;
