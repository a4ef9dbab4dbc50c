using System.ComponentModel;
using SigmaComms.Persistence.PostgreSql;
using SigmaComms.Persistence.Tests.PostgreSql;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace SigmaComms.Persistence.Tests.Conformance;

/// <summary>A test that looks at its class, not only at its method, whether it can run here.</summary>
public sealed class StoreTestCase : XunitTestCase
{
    [Obsolete("Called by the deserializer.", error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public StoreTestCase()
    {
    }

    public StoreTestCase(
        IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    /// <summary>Why the tests of the method's class cannot run here; null if they can.</summary>
    internal static string? LackOf(ITestMethod method) =>
        method.TestClass.Class.Name.Contains(nameof(PostgreSqlStore), StringComparison.Ordinal)
            ? PostgreSqlServer.WhyNot
            : null;

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        LackOf(TestMethod) ?? base.GetSkipReason(factAttribute);
}
