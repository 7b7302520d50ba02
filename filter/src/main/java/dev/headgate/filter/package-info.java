/**
 * Each request a unit of work on its tenant's database. Start at {@link
 * dev.headgate.filter.UnitOfWorkFilter}.
 */
@NullMarked
package dev.headgate.filter;

import org.jspecify.annotations.NullMarked;
