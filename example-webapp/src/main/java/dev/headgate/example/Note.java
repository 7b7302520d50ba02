package dev.headgate.example;

/**
 * One note of a tenant.
 *
 * @param id its number, unique in the tenant's database
 * @param text what it says
 */
record Note(long id, String text) {}
