/**
 * Tenants, the routing data source and units of work. Start at {@link
 * dev.headgate.datasource.RoutingDataSource}.
 */
@NullMarked
package dev.headgate.datasource;

import org.jspecify.annotations.NullMarked;
