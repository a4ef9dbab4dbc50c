using System.Text;
using System.Text.Json;
using SigmaComms.Cryptography;
using SigmaComms.Node.Terminal;
using SigmaComms.Persistence.PostgreSql;

namespace SigmaComms.Node.Configuration;

/// <summary>The PostgreSQL server that keeps a node's journal: "store" in node.json.</summary>
/// <param name="Connection">Where it is, without a password.</param>
/// <param name="Schema">Holds this node's tables and no other's.</param>
/// <param name="PasswordFile">The file whose first line is the password; null for none.</param>
internal sealed record StoreChoice(string Connection, string Schema, string? PasswordFile)
{
    /// <summary>The variable that holds the password where no file is named.</summary>
    public const string PasswordVariable = "SIGMA_STORE_PASSWORD";

    private const string Embedded = "sqlite";
    private const string Server = "postgresql";

    /// <summary>Takes the choice from node.json; null for the embedded store.</summary>
    public static StoreChoice? Read(ConfigurationObject root) => root.OptionalObject("store", ReadStore);

    /// <summary>Writes the choice as it is read.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("store");
        writer.WriteString("kind", Server);
        writer.WriteString("connection", Connection);
        writer.WriteString("schema", Schema);
        if (PasswordFile is not null)
        {
            writer.WriteString("passwordFile", PasswordFile);
        }

        writer.WriteEndObject();
    }

    /// <summary>The store's options, with the password from its file or the environment.</summary>
    /// <param name="environment">Finds a variable's value.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="CommandException">The password's file cannot be read.</exception>
    public async Task<PostgreSqlStoreOptions> ToOptionsAsync(
        Func<string, string?> environment, CancellationToken stop)
    {
        var options = new PostgreSqlStoreOptions { ConnectionString = Connection, Schema = Schema };
        string? value = environment(PasswordVariable) is { Length: > 0 } found ? found : null;
        if (PasswordFile is not null || value is not null)
        {
            var source = new PasswordSource { File = PasswordFile, Value = value, ValueName = PasswordVariable };
            using SecretBytes password = await source.ReadAsync("the store", confirm: false, stop);
            options.Password = Encoding.UTF8.GetString(password.Span);
        }

        return options;
    }

    private static StoreChoice? ReadStore(ConfigurationObject store)
    {
        string kind = store.Text("kind");
        if (kind == Embedded)
        {
            return null;
        }

        if (kind != Server)
        {
            throw store.Fault(".kind", $"is \"{kind}\", wanted is {Embedded} or {Server}");
        }

        string connection = store.Text("connection");
        if (PostgreSqlStoreOptions.ProblemOf(connection) is { } problem)
        {
            throw store.Fault(".connection", problem);
        }

        string schema = store.OptionalText("schema") ?? "sigma";
        return PostgreSqlStoreOptions.IsSchema(schema)
            ? new StoreChoice(connection, schema, store.OptionalText("passwordFile"))
            : throw store.Fault(".schema", $"is \"{schema}\", wanted is 1 to 63 of a-z, 0-9 and _, no digit first");
    }
}
