/** Tests of applications that use Headgate. */
package dev.headgate.junit;
