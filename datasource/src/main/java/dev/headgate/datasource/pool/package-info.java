/**
 * Databases and their leased, bounded connection pools. Knows no tenant, no request and no unit of
 * work.
 */
@NullMarked
package dev.headgate.datasource.pool;

import org.jspecify.annotations.NullMarked;
