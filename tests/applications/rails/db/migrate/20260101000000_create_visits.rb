class CreateVisits < ActiveRecord::Migration[6.1]
  def change
    create_table :visits
  end
end
