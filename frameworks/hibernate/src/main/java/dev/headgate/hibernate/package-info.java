/**
 * Hibernate behind the routing data source. Start at {@link
 * dev.headgate.hibernate.HibernateSettings}.
 */
@NullMarked
package dev.headgate.hibernate;

import org.jspecify.annotations.NullMarked;
