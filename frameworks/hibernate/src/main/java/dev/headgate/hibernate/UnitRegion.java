package dev.headgate.hibernate;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.hibernate.cache.spi.DomainDataRegion;
import org.hibernate.cache.spi.access.CachedDomainDataAccess;
import org.jspecify.annotations.Nullable;

/**
 * A region of entities, collections or natural ids. In a unit of work that has written, and whose
 * sessions share a transaction, it gives nothing and takes nothing that was read: another session
 * may have written it, and it may be undone. Locks and evictions pass.
 */
final class UnitRegion implements InvocationHandler {

  private final Object region;
  private final UndecidedUnits undecided;

  private UnitRegion(Object region, UndecidedUnits undecided) {
    this.region = region;
    this.undecided = undecided;
  }

  static DomainDataRegion around(DomainDataRegion region, UndecidedUnits undecided) {
    return around(DomainDataRegion.class, region, undecided);
  }

  private static <T> T around(Class<T> type, Object region, UndecidedUnits undecided) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, new UnitRegion(region, undecided)));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    switch (method.getName()) {
      case "get" -> {
        if (undecided.isCurrent()) {
          return null;
        }
      }
      case "putFromLoad" -> {
        if (undecided.isCurrent()) {
          return false;
        }
      }
      default -> {}
    }
    Object result;
    try {
      result = method.invoke(region, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    return result instanceof CachedDomainDataAccess
        ? around(method.getReturnType(), result, undecided)
        : result;
  }
}
