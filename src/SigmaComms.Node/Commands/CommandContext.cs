using System.CommandLine;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>What every command gets: its arguments, where to write, where the data is, and when to stop.</summary>
/// <param name="Arguments">The parsed command line.</param>
/// <param name="Output">Where to write.</param>
/// <param name="Stop">Cancelled when the process shall stop.</param>
internal sealed record CommandContext(ParseResult Arguments, Output Output, CancellationToken Stop) : IDisposable
{
    private PasswordSource? _password;

    /// <summary>The data folder.</summary>
    public SigmaHome Home { get; } = SigmaHome.Locate(GlobalOptions.Home.Value(Arguments));

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>The cluster's public file: --cluster, or the one in the data folder.</summary>
    public string ClusterFile => GlobalOptions.Cluster.Value(Arguments) ?? Home.ClusterFile;

    /// <summary>Where the key store's password comes from; nobody is asked twice.</summary>
    public PasswordSource Password => _password ??= PasswordSource.Of(
        Arguments.GetValue(GlobalOptions.PasswordFile),
        Arguments.GetValue(GlobalOptions.PasswordCommand),
        Environment.GetEnvironmentVariable,
        !Console.IsInputRedirected && !Console.IsErrorRedirected);

    /// <summary>Forgets the password. May be called twice.</summary>
    public void Dispose() => _password?.Dispose();
}
