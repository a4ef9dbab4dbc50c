using System.Diagnostics;
using System.Text;
using Npgsql;
using SigmaComms.Persistence.PostgreSql;

namespace SigmaComms.Persistence.Tests.PostgreSql;

/// <summary>
/// A real PostgreSQL server of Debian's packages, in a folder of its own, reached only through a socket in it. It ends
/// when this process ends, however that happens.
/// </summary>
internal sealed class PostgreSqlServer : IDisposable
{
    private const string User = "sigma";

    private static readonly Lazy<string?> Programs = new(FindPrograms);
    private static readonly Lazy<PostgreSqlServer> One = new(() =>
    {
        PostgreSqlServer server = new();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    });

    // Short, because the path of a socket has at most 107 bytes.
    private readonly string _folder = Directory.CreateTempSubdirectory("sgpg-").FullName;
    private Process? _process;
    private bool _isFrozen;

    public PostgreSqlServer()
    {
        RequireOk(Run("mkdir", Data));
        if (Environment.IsPrivilegedProcess)
        {
            RequireOk(Run("chown", "-R", "nobody", _folder));
        }

        RequireOk(RunAsServer(
            $"{Programs.Value}/initdb", "-D", Data, "-U", User, "-A", "trust", "-E", "UTF8", "--no-sync",
            "--no-instructions", "--locale=C"));
        Start();
    }

    /// <summary>Why no server can be started here; null if it can.</summary>
    public static string? WhyNot { get; } = FindLack();

    /// <summary>The server for all tests that leave it running.</summary>
    public static PostgreSqlServer Shared => One.Value;

    /// <summary>Where its socket is.</summary>
    public string Folder => _folder;

    public string ConnectionString => $"Host={_folder};Username={User};Database=postgres";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>
    /// Options for a schema that nobody else has. All stores that are opened wait for each other, on a busy machine
    /// longer than the defaults.
    /// </summary>
    public PostgreSqlStoreOptions NewSchema() => new()
    {
        ConnectionString = ConnectionString,
        Schema = $"t{Guid.NewGuid():n}",
        CommandTimeout = TimeSpan.FromMinutes(2),
        ConnectTimeout = TimeSpan.FromMinutes(1),
        LockTimeout = TimeSpan.FromMinutes(1),
    };

    public ValueTask<PostgreSqlStore> OpenAsync(PostgreSqlStoreOptions options) =>
        PostgreSqlStore.OpenAsync(options, CancellationToken.None);

    /// <summary>Runs a statement as the administrator, with the schema as the only one in sight.</summary>
    public object? Execute(string schema, string sql)
    {
        using NpgsqlConnection connection = Connect(schema);
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    public NpgsqlConnection Connect(string schema)
    {
        var connection = new NpgsqlConnection($"{ConnectionString};Search Path={schema};Pooling=false");
        connection.Open();
        return connection;
    }

    /// <summary>Starts the server and waits until it answers.</summary>
    public void Start()
    {
        long begin = Stopwatch.GetTimestamp();
        string said;
        do
        {
            // Again if it ends: a child of a server that was killed just now keeps the next one out for a moment.
            said = TryStart();
            if (said.Length == 0)
            {
                return;
            }
        }
        while (Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(60));

        throw new InvalidOperationException(said);
    }

    /// <summary>Stops the server and all its children where they are: it answers nobody and ends nothing.</summary>
    public void Freeze()
    {
        Signal("-STOP");
        _isFrozen = true;
    }

    /// <summary>kill -9 of the server and all its children at once.</summary>
    public void Kill()
    {
        Signal("-KILL");
        _isFrozen = false;
        _process!.StandardInput.WriteLine("keep");
        EndShell();
    }

    public void Dispose()
    {
        if (_isFrozen)
        {
            // One that stands still would never end.
            Signal("-CONT");
        }

        if (_process is not null)
        {
            EndShell();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void Signal(string signal)
    {
        int server = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First());
        int[] children = [.. ChildrenOf(server)];
        RequireOk(Run("kill", signal, $"{server}"));
        Run(["kill", signal, .. children.Select(child => $"{child}")]);
    }

    private static string? FindLack()
    {
        if (Programs.Value is null)
        {
            return "no PostgreSQL server program in /usr/lib/postgresql (Debian: apt-get install postgresql)";
        }

        try
        {
            Shared.Execute("public", "SELECT 1");
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"a PostgreSQL server cannot be started here: {e.Message.Trim()}";
        }
    }

    private static string? FindPrograms() => !OperatingSystem.IsLinux() || !Directory.Exists("/usr/lib/postgresql")
        ? null
        : Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "postgres")))
            .OrderDescending(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The command as the user who runs the server: PostgreSQL refuses to run as root.</summary>
    private static ProcessStartInfo AsServer(string[] command)
    {
        string[] whole = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", .. command]
            : command;
        return new ProcessStartInfo(whole[0], whole[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
    }

    private static IEnumerable<int> ChildrenOf(int parent) => Directory.GetDirectories("/proc")
        .Where(folder => char.IsAsciiDigit(folder[^1]) && char.IsAsciiDigit(folder["/proc/".Length]))
        .Select(folder => int.Parse(Path.GetFileName(folder)))
        .Where(id => StatusOf(id) is { } status && int.Parse(status[1]) == parent);

    /// <summary>State, parent and so on of a process; null if there is none.</summary>
    private static string[]? StatusOf(int id)
    {
        try
        {
            string line = File.ReadAllText($"/proc/{id}/stat");
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static (int Code, string Said) RunAsServer(params string[] command) => End(AsServer(command));

    private static (int Code, string Said) Run(params string[] command) =>
        End(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        });

    private static (int Code, string Said) End(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors.GetAwaiter().GetResult());
    }

    private static void RequireOk((int Code, string Said) end)
    {
        if (end.Code != 0)
        {
            throw new InvalidOperationException(end.Said);
        }
    }

    /// <returns>Nothing once the server answers; else what it said before it ended.</returns>
    private string TryStart()
    {
        // The shell keeps the server and its folder only as long as its own input is open, so nothing outlives this
        // process, however it ends.
        const string script = "folder=$1; shift; \"$@\" & pid=$!; read -r word; kill -QUIT $pid; "
            + "wait $pid; [ \"$word\" = keep ] || rm -rf $folder";
        string[] server =
        [
            $"{Programs.Value}/postgres", "-D", Data, "-k", _folder, "-c", "listen_addresses=", "-c", "jit=off", "-c",
            "shared_buffers=16MB",
        ];
        ProcessStartInfo start = AsServer(["bash", "-c", script, "bash", _folder, .. server]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = false;
        _process = Process.Start(start)!;
        var said = new StringBuilder();
        while (_process.StandardError.ReadLine() is { } line)
        {
            said.AppendLine(line);
            if (line.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                _ = _process.StandardError.ReadToEndAsync();
                return "";
            }

            // What it tells a client that comes too early is no failure of its own.
            if (line.Contains("FATAL", StringComparison.Ordinal)
                && !line.Contains("the database system is", StringComparison.Ordinal))
            {
                _process.StandardInput.WriteLine("keep");
            }
        }

        EndShell();
        return said.ToString();
    }

    private void EndShell()
    {
        _process!.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }
}
