using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using SigmaComms.Cryptography;

namespace SigmaComms.Node.Terminal;

/// <summary>
/// Finds the password of a key store: a file, the output of a command, the environment, or a person at the terminal;
/// never an argument, which every user of the machine could read.
/// </summary>
internal sealed class PasswordSource : IDisposable
{
    private const int BytesMax = 1024;

    /// <summary>The variable that holds a password itself.</summary>
    private const string PasswordVariable = "SIGMA_PASSWORD";

    private string? _knownFor;
    private SecretBytes? _known;

    /// <summary>What the command line names, which then counts alone; else what the environment names.</summary>
    /// <param name="fileGiven">--password-file.</param>
    /// <param name="commandGiven">--password-command.</param>
    /// <param name="environment">Finds a variable's value.</param>
    /// <param name="canAsk">Whether a person can be asked.</param>
    /// <exception cref="CommandException">Both are given.</exception>
    public static PasswordSource Of(
        string? fileGiven, string? commandGiven, Func<string, string?> environment, bool canAsk)
    {
        if (fileGiven is not null && commandGiven is not null)
        {
            throw new CommandException(
                ExitCode.Usage,
                "which password?",
                "both --password-file and --password-command are given",
                "choose one of them");
        }

        bool given = fileGiven is not null || commandGiven is not null;
        string? Variable(string name) => given || environment(name) is not { Length: > 0 } value ? null : value;
        return new PasswordSource
        {
            File = fileGiven ?? Variable("SIGMA_PASSWORD_FILE"),
            Command = commandGiven ?? Variable("SIGMA_PASSWORD_COMMAND"),
            Value = Variable(PasswordVariable),
            CanAsk = canAsk,
        };
    }

    /// <summary>--password-file or SIGMA_PASSWORD_FILE.</summary>
    public string? File { get; init; }

    /// <summary>--password-command or SIGMA_PASSWORD_COMMAND.</summary>
    public string? Command { get; init; }

    /// <summary>What the variable holds.</summary>
    public string? Value { get; init; }

    /// <summary>The variable that <see cref="Value"/> is from.</summary>
    public string ValueName { get; init; } = PasswordVariable;

    /// <summary>What to do when there is none.</summary>
    public string Remedy { get; init; } =
        $"use --password-file FILE, --password-command COMMAND or the variable {PasswordVariable}";

    /// <summary>Whether a person can be asked.</summary>
    public bool CanAsk { get; init; }

    /// <summary>Gets the password; the caller disposes it. What was got before is not asked for again.</summary>
    /// <param name="forWhat">What it protects, for the prompt.</param>
    /// <param name="confirm">Whether a person types it twice.</param>
    /// <param name="cancellation">Stops a command that hangs.</param>
    public async Task<SecretBytes> ReadAsync(string forWhat, bool confirm, CancellationToken cancellation)
    {
        if (!confirm && _known is not null && _knownFor == forWhat)
        {
            return new SecretBytes(_known.Span);
        }

        SecretBytes read = await GetAsync(forWhat, confirm, cancellation);
        _known?.Dispose();
        _known = new SecretBytes(read.Span);
        _knownFor = forWhat;
        return read;
    }

    /// <summary>Forgets what was got. May be called twice.</summary>
    public void Dispose()
    {
        _known?.Dispose();
        _known = null;
    }

    private async Task<SecretBytes> GetAsync(string forWhat, bool confirm, CancellationToken cancellation)
    {
        if (File is not null)
        {
            return FromFile(File);
        }

        if (Command is not null)
        {
            return await FromCommandAsync(Command, cancellation);
        }

        if (Value is not null)
        {
            return Checked(Encoding.UTF8.GetBytes(Value), ValueName);
        }

        if (CanAsk)
        {
            // The terminal is read on a thread of its own: a signal ends the command, not only the next Enter.
            try
            {
                return await Task.Run(() => Ask(forWhat, confirm), CancellationToken.None).WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                Console.Error.WriteLine();
                throw;
            }
        }

        throw new CommandException(
            ExitCode.Usage,
            $"no password for {forWhat}",
            "there is no terminal to ask at, and no other source was named",
            Remedy);
    }

    private static SecretBytes FromFile(string path)
    {
        try
        {
            return Checked(System.IO.File.ReadAllBytes(path), path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.Usage, "cannot read the password file", cause.Message, "check the path and its permissions",
                    cause);
        }
    }

    private static async Task<SecretBytes> FromCommandAsync(string command, CancellationToken cancellation)
    {
        using Process process = new();
        process.StartInfo = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, UseShellExecute = false };
        process.StartInfo.ArgumentList.Add("-c");
        process.StartInfo.ArgumentList.Add(command);
        process.Start();
        using MemoryStream output = new();
        await process.StandardOutput.BaseStream.CopyToAsync(output, cancellation);
        await process.WaitForExitAsync(cancellation);
        byte[] bytes = output.ToArray();
        CryptographicOperations.ZeroMemory(output.GetBuffer());
        if (process.ExitCode != 0)
        {
            CryptographicOperations.ZeroMemory(bytes);
            throw new CommandException(
                ExitCode.Usage,
                "no password from the password command",
                $"it exited with {process.ExitCode}",
                "run the command by hand; it must print the password and exit with 0");
        }

        return Checked(bytes, "the password command");
    }

    private static SecretBytes Ask(string forWhat, bool confirm)
    {
        SecretBytes first = Prompt($"Password for {forWhat}: ");
        if (!confirm)
        {
            return first;
        }

        using SecretBytes second = Prompt("The same again: ");
        if (first.FixedTimeEquals(second.Span))
        {
            return first;
        }

        first.Dispose();
        throw new CommandException(
            ExitCode.Usage, "the passwords differ", "the second is not equal to the first", "run the command again");
    }

    private static SecretBytes Prompt(string text)
    {
        Console.Error.Write(text);
        char[] typed = new char[BytesMax];
        int length = 0;
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                break;
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                length = Math.Max(0, length - 1);
            }
            else if (key.KeyChar != '\0' && length < typed.Length)
            {
                typed[length++] = key.KeyChar;
            }
        }

        Console.Error.WriteLine();
        byte[] bytes = Encoding.UTF8.GetBytes(typed, 0, length);
        Array.Clear(typed);
        return Checked(bytes, "the terminal");
    }

    /// <summary>Takes one line without its end, and zeroes what it came from.</summary>
    private static SecretBytes Checked(byte[] bytes, string source)
    {
        int length = bytes.AsSpan().IndexOf((byte)'\n');
        length = length < 0 ? bytes.Length : length;
        if (length > 0 && bytes[length - 1] == '\r')
        {
            length--;
        }

        try
        {
            if (length is 0 or > BytesMax)
            {
                throw new CommandException(
                    ExitCode.Usage,
                    "the password is not usable",
                    $"{source} gave {length} bytes, wanted are 1 to {BytesMax}",
                    "put the password on the first line");
            }

            return new SecretBytes(bytes.AsSpan(0, length));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
